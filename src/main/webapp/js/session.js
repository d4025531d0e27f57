// Who the server takes this person for, and how that changes: log in, log out, a token from whoever sent us here.

import { ownSocketUrl, signallingUrl } from './address.js';
import { keepTabSecret, tabSecret } from './settings.js';

/**
 * @typedef {object} Session
 * @property {'open' | 'optional' | 'required'} mode whether people may, or must, log in
 * @property {string} principal empty: nobody in particular
 */

/** @type {Session} */
export const NOBODY = { mode: 'open', principal: '' };
// A login that brings us back unknown is not tried again by itself before this is over.
const LOGIN_PAUSE_MS = 15_000;

/**
 * Takes a token out of the page's address, where it would be copied, shown and logged. Kept for this tab, so that a
 * reload and the pages beside this one have it; but a link makes nobody somebody else who is known here already.
 */
export async function takeToken() {
  const url = new URL(window.location.href);
  const token = url.searchParams.get('access_token');
  if (!token) return;
  url.searchParams.delete('access_token');
  window.history.replaceState(window.history.state, '', url);
  if (token === tabSecret('token', '')) return;
  const { principal } = await readSession();
  if (principal) console.warn(`the link's token is left out: this page is ${principal}'s, who can log out`);
  else keepTabSecret('token', '', token);
}

export function forgetToken() {
  keepTabSecret('token', '', '');
}

/** @returns {string} the address of the socket; browsers cannot send a token to it in any other way */
export function socketUrl() {
  const url = signallingUrl(window.location, document.baseURI);
  return isOwnSocket() ? withToken(url) : url;
}

/** @returns {boolean} false: a link has named another program, which gets no secret of ours */
export function isOwnSocket() {
  return signallingUrl(window.location, document.baseURI) === ownSocketUrl(document.baseURI);
}

/**
 * What this tab opens a room with; another program, see above, gets none of it.
 *
 * @param {string} room
 * @param {string} password that its own server has just told us; empty: none
 */
export function secretsOf(room, password = '') {
  if (password && isOwnSocket()) keepTabSecret('password', room, password);
  const secret = (/** @type {string} */ what) => (isOwnSocket() ? tabSecret(what, room) : '');
  return { password: secret('password') || password, resume: secret('resume') };
}

/** @returns {Promise<Session>} */
export async function readSession() {
  const token = tabSecret('token', '');
  try {
    const response = await fetch('auth/me', {
      headers: { accept: 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      cache: 'no-store',
    });
    return response.ok ? sessionOf(await response.json()) : NOBODY;
  } catch {
    // The server is away, or something stands in front of it. The socket will tell.
    return NOBODY;
  }
}

/**
 * @param {unknown} answer of auth/me
 * @returns {Session}
 */
export function sessionOf(answer) {
  if (typeof answer !== 'object' || answer === null) return NOBODY;
  const { mode, principal } = /** @type {Record<string, unknown>} */ (answer);
  return {
    mode: mode === 'optional' || mode === 'required' ? mode : 'open',
    principal: typeof principal === 'string' ? principal : '',
  };
}

/**
 * A login may end while its page is not looked at. Asking all the time would keep it from ending.
 *
 * @param {() => void} look
 */
export function whenSeenAgain(look) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') look();
  });
}

/** @param {Session} session */
export function needsLogin({ mode, principal }) {
  return mode === 'required' && !principal;
}

/**
 * The path that the login sends people back to, within the application.
 *
 * @param {string} page the page's address
 * @param {string} base the folder of the pages, which is the application's root
 */
export function returnPath(page, base) {
  const { pathname, search } = new URL(page);
  return `/${pathname.slice(new URL('.', base).pathname.length)}${search}`;
}

/** @returns {string} where one logs in, and is brought back here from, to the same room and under the same name */
export function loginUrl() {
  const url = new URL('auth/login', document.baseURI);
  url.searchParams.set('to', returnPath(window.location.href, document.baseURI));
  return url.href;
}

/**
 * Sends the person to the login, unless they come from there.
 *
 * @returns {boolean} false: they do, and we would go round in circles
 */
export function goToLogin() {
  const last = Number(tabSecret('login', ''));
  const now = Date.now();
  if (now - last < LOGIN_PAUSE_MS) return false;
  keepTabSecret('login', '', String(now));
  window.location.assign(loginUrl());
  return true;
}

/** Ends the session at the server, and with it this person's calls. */
export async function logOut() {
  forgetToken();
  await fetch('auth/logout', { method: 'POST', redirect: 'manual' });
}

/**
 * The way to another page of ours, which may be shown only to who is known.
 *
 * @param {string} link
 */
export function withToken(link) {
  const url = new URL(link);
  const token = tabSecret('token', '');
  if (token) url.searchParams.set('access_token', token);
  return url.href;
}
