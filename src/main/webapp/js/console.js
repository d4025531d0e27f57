// The console: who may, what is on the screen, and asking the server for it every two seconds.

import { create, element, icon, showToast } from './dom.js';
import { LogView } from './console/log.js';
import { Overview } from './console/overview.js';
import { PeerView } from './console/peer.js';
import { placeOf } from './console/place.js';
import { RoomView } from './console/room.js';
import { SignedOut, Unreachable } from './console/rpc.js';
import { forgetToken, signedIn, signIn } from './console/signin.js';
import { trouble } from './console/words.js';
import { toggleMenu } from './menu.js';

/** @typedef {import('./console/signin.js').SignedIn} SignedIn */

const LOOK_MS = 2000;
const LONGEST_MS = 30_000;

const main = element('main', HTMLElement);
const account = element('account', HTMLElement);
const tabs = element('tabs', HTMLElement);
const notice = element('notice', HTMLElement);
const toasts = element('toasts', HTMLElement);

// Not by its address: what stands behind the # is the view.
element('skip', HTMLAnchorElement).addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

class Console {
  /** @type {import('./console/parts.js').View | undefined} */
  #view;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #looking = false;
  #again = false;
  #pause = LOOK_MS;
  #over = false;

  /** @param {SignedIn} who @param {(why: string) => void} leave */
  constructor(who, leave) {
    this.who = who;
    this.leave = leave;
    this.away = new AbortController();
    const { signal } = this.away;
    const turn = () => {
      this.show();
      // What was pressed is gone: who goes on by keyboard begins here.
      main.focus({ preventScroll: true });
    };
    window.addEventListener('hashchange', turn, { signal });
    document.addEventListener('visibilitychange', () => this.soon(), { signal });
    window.addEventListener('online', () => this.soon(), { signal });
  }

  show() {
    const place = placeOf(window.location.hash);
    const around = {
      call: this.who.rpc.call.bind(this.who.rpc),
      say: (/** @type {string} */ words) => showToast(toasts, words),
      title: (/** @type {string} */ words) => (document.title = `${words} · noiR console`),
      soon: () => this.soon(),
    };
    if (place.view === 'peer') this.#view = new PeerView(around, place);
    else if (place.view === 'room') this.#view = new RoomView(around, place.room);
    else this.#view = place.view === 'log' ? new LogView(around) : new Overview(around);
    for (const tab of tabs.querySelectorAll('a')) {
      const current = tab.hash === '#log' ? place.view === 'log' : place.view !== 'log';
      if (current) tab.setAttribute('aria-current', place.view === 'overview' || place.view === 'log' ? 'page' : 'true');
      else tab.removeAttribute('aria-current');
    }
    main.replaceChildren(this.#view.element);
    main.setAttribute('aria-busy', 'true');
    window.scrollTo(0, 0);
    this.soon();
  }

  /** Looks at once, or as soon as the look that goes on is over. */
  soon() {
    clearTimeout(this.#timer);
    this.#again = this.#looking;
    if (!this.#looking) void this.#look();
  }

  async #look() {
    // Who does not look at it needs no news; visibilitychange begins anew.
    if (this.#over || document.hidden) return;
    this.#looking = true;
    const view = this.#view;
    try {
      await view?.look();
      this.#pause = LOOK_MS;
      notice.hidden = true;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#looking = false;
      if (view === this.#view) main.removeAttribute('aria-busy');
    }
    if (this.#over) return;
    if (this.#again) this.soon();
    else this.#timer = setTimeout(() => void this.#look(), this.#pause);
    this.#again = false;
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof SignedOut) {
      this.end(error.message);
      return;
    }
    if (error instanceof Unreachable) this.#pause = Math.min(2 * this.#pause, LONGEST_MS);
    else console.warn(error);
    const again = error instanceof Unreachable ? ` It is tried again every ${Math.round(this.#pause / 1000)} s.` : '';
    notice.textContent = `${trouble(error)}${again}`;
    notice.hidden = false;
  }

  /** @param {string} why */
  end(why) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.away.abort();
    this.who.rpc.close();
    forgetToken();
    this.leave(why);
  }
}

/** @param {Console} console @param {SignedIn} who */
function showAccount(console, { who, byToken }) {
  const button = create('button', {}, icon('person'), create('span', { class: 'text', text: who || 'Administrator' }));
  button.type = 'button';
  button.setAttribute('aria-label', `${who || 'Administrator'}, signed in`);
  button.setAttribute('aria-haspopup', 'menu');
  const leave = async () => {
    if (!byToken) await fetch(new URL('../auth/logout', document.baseURI), { method: 'POST', redirect: 'manual' });
    console.end('');
  };
  button.addEventListener('click', () => toggleMenu(button, 'Signed in', [{ label: 'Sign out', picture: 'leave', run: () => void leave() }]));
  account.replaceChildren(button);
}

/** @param {boolean} known */
function showFrame(known) {
  tabs.hidden = !known;
  account.hidden = !known;
  notice.hidden = true;
  document.body.classList.toggle('signed-in', known);
}

async function run(why = '') {
  showFrame(false);
  document.title = 'noiR console';
  /** @type {SignedIn | undefined} */
  let who;
  try {
    who = why ? undefined : await signedIn();
  } catch {
    why = 'The server does not answer at the moment.';
  }
  who ??= await signIn(main, why);
  const shown = new Console(who, (reason) => void run(reason || 'You are signed out.'));
  showAccount(shown, who);
  showFrame(true);
  shown.show();
}

void run();
