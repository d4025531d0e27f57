// Whoever the server does not know has to say who he is. The token stays in this tab, and is in no address.

import { create } from '../dom.js';
import { keepTabSecret, tabSecret } from '../settings.js';
import { PostedRpc, SocketRpc } from './rpc.js';

const SECRET = 'admin';
// A login leads back to the page without what stands behind the #.
const PLACE = 'admin.place';

/** @typedef {{ rpc: import('./rpc.js').Rpc, who: string, byToken: boolean }} SignedIn */

/** @param {string} token @returns {Promise<{ administrates: boolean, principal?: string }>} */
async function ask(token) {
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  const response = await fetch(new URL('me', document.baseURI), { cache: 'no-store', ...(headers ? { headers } : {}) });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  return response.json();
}

/** By the token of this tab, or the login. @returns {Promise<SignedIn | undefined>} */
export async function signedIn() {
  const token = tabSecret(SECRET, '');
  const me = await ask(token);
  if (!me.administrates) {
    keepTabSecret(SECRET, '', '');
    return token ? signedIn() : undefined;
  }
  if (tabSecret(PLACE, '')) window.history.replaceState(null, '', tabSecret(PLACE, ''));
  keepTabSecret(PLACE, '', '');
  if (token) return { rpc: new PostedRpc(token), who: me.principal ?? '', byToken: true };
  return { rpc: new SocketRpc(), who: me.principal ?? '', byToken: false };
}

export function forgetToken() {
  keepTabSecret(SECRET, '', '');
}

/**
 * The form, until somebody has signed in.
 *
 * @param {HTMLElement} parent
 * @param {string} why said first; may be empty
 * @returns {Promise<SignedIn>}
 */
export async function signIn(parent, why) {
  const input = create('input');
  input.type = 'password';
  input.id = 'token';
  input.autocomplete = 'current-password';
  input.required = true;
  const label = create('label', { text: 'Admin token' });
  label.htmlFor = input.id;
  const error = create('p', { class: 'notice bad', text: why });
  error.setAttribute('role', 'alert');
  error.hidden = !why;
  const submit = create('button', { class: 'primary', text: 'Sign in' });
  submit.type = 'submit';
  const hint = create('p', { class: 'quiet hint', text: 'Whoever runs the server has it: it is noir.admin.token of its settings.' });
  const form = create('form', { class: 'stack' }, create('div', {}, label, input), hint, error, submit);
  const heading = create('h1', { text: 'Console' });
  const card = create('section', { class: 'card stack login' }, heading, create('p', { class: 'quiet', text: 'See how calls are doing, and help where they are not.' }), form);
  parent.replaceChildren(card);
  input.focus();
  void offerLogin(card);
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void attempt(input, error, submit).then((done) => done && resolve(done));
    });
  });
}

/** @param {HTMLInputElement} input @param {HTMLElement} error @param {HTMLButtonElement} submit */
async function attempt(input, error, submit) {
  submit.disabled = true;
  try {
    keepTabSecret(SECRET, '', input.value.trim());
    const done = await signedIn();
    if (done) return done;
    error.textContent = 'That is not the token of this server.';
    input.setAttribute('aria-invalid', 'true');
    input.select();
  } catch {
    error.textContent = 'The server does not answer at the moment. Please try again.';
  } finally {
    submit.disabled = false;
  }
  error.hidden = false;
  return undefined;
}

/** Where the server logs people in. @param {HTMLElement} card */
async function offerLogin(card) {
  const response = await fetch(new URL('../auth/me', document.baseURI), { cache: 'no-store' });
  const { mode, principal } = response.ok ? await response.json() : { mode: 'open', principal: '' };
  if (principal) {
    card.append(create('p', { class: 'notice', text: `You are logged in as ${principal}, who may not administrate this server.` }));
  } else if (mode !== 'open') {
    const link = create('a', { class: 'button', text: 'Log in with your account' });
    link.href = new URL(`../auth/login?to=${encodeURIComponent('/admin/')}`, document.baseURI).href;
    link.addEventListener('click', () => keepTabSecret(PLACE, '', window.location.hash));
    card.append(create('p', { class: 'quiet', text: 'Or, if you have an account here that may administrate:' }), link);
  }
}
