// Who is logged in, in the bar of each page: a name with a way out, or a way in.

import { create, icon } from './dom.js';
import { toggleMenu } from './menu.js';
import { loginUrl, logOut } from './session.js';

/**
 * @param {HTMLElement} box
 * @param {import('./session.js').Session} session
 * @param {() => void} onLogout the login is over, by this person's own wish
 */
export function showAccount(box, session, onLogout) {
  const { mode, principal } = session;
  const shows = principal || (mode === 'open' ? '' : mode);
  if (box.dataset.shows === shows) return;
  box.dataset.shows = shows;
  box.hidden = !shows;
  box.replaceChildren(...(principal ? [account(principal, onLogout)] : shows ? [wayIn()] : []));
}

function wayIn() {
  const link = create('a', { class: 'button' }, icon('person'), create('span', { class: 'text', text: 'Log in' }));
  link.href = loginUrl();
  link.setAttribute('aria-label', 'Log in');
  return link;
}

/**
 * @param {string} principal
 * @param {() => void} onLogout
 */
function account(principal, onLogout) {
  const button = create('button', {}, icon('person'), create('span', { class: 'text', text: principal }));
  button.type = 'button';
  button.title = `Logged in as ${principal}`;
  button.setAttribute('aria-label', `${principal}, logged in`);
  button.setAttribute('aria-haspopup', 'menu');
  const leave = async () => {
    await logOut();
    onLogout();
  };
  button.addEventListener('click', () =>
    toggleMenu(button, `Logged in as ${principal}`, [{ label: 'Log out', picture: 'leave', run: () => void leave() }]),
  );
  return button;
}
