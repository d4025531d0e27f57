// A menu at a button, by the pattern of WAI-ARIA: arrow keys, Home, End, first letters; Escape and Tab close it.

import { create, icon } from './dom.js';

/** @typedef {{ label: string, picture: string, danger?: boolean, apart?: boolean, run: () => void }} MenuItem */

const GAP = 6;

/** @type {{ button: HTMLButtonElement, close: (focus: boolean) => void } | null} */
let open = null;

/**
 * Opens the menu, or closes it when this button's is open. The button is given aria-haspopup by its maker.
 *
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {MenuItem[]} items
 */
export function toggleMenu(button, label, items) {
  const again = open?.button === button;
  open?.close(again);
  if (!again) show(button, label, items);
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} label
 * @param {MenuItem[]} items
 */
function show(button, label, items) {
  const menu = create('div', { class: 'menu' }, create('div', { class: 'menu-title', text: label }));
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', label);
  menu.firstElementChild?.setAttribute('aria-hidden', 'true');
  // Takes the click that closes the menu, which is meant for nothing that lies below.
  const backdrop = create('div', { class: 'menu-backdrop' });
  const away = new AbortController();
  const close = (/** @type {boolean} */ focus) => {
    away.abort();
    menu.remove();
    backdrop.remove();
    button.setAttribute('aria-expanded', 'false');
    open = null;
    if (focus) button.focus();
  };
  for (const item of items) menu.append(...entry(item, close));
  document.body.append(backdrop, menu);
  button.setAttribute('aria-expanded', 'true');
  place(menu, button);
  open = { button, close };
  menu.addEventListener('keydown', (event) => handleKey(event, menu, close));
  backdrop.addEventListener('click', () => close(true));
  window.addEventListener('resize', () => close(false), { signal: away.signal });
  entries(menu)[0]?.focus();
}

/**
 * @param {MenuItem} item
 * @param {(focus: boolean) => void} close
 */
function entry(item, close) {
  const made = create('button', { class: item.danger ? 'danger' : '' }, icon(item.picture), create('span', { text: item.label }));
  made.type = 'button';
  made.tabIndex = -1;
  made.setAttribute('role', 'menuitem');
  made.addEventListener('click', () => {
    close(true);
    item.run();
  });
  made.addEventListener('pointermove', () => made.focus());
  if (!item.apart) return [made];
  const line = create('div', { class: 'menu-line' });
  line.setAttribute('role', 'separator');
  return [line, made];
}

/** @param {HTMLElement} menu */
function entries(menu) {
  return [...menu.querySelectorAll('button')];
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 * @param {(focus: boolean) => void} close
 */
function handleKey(event, menu, close) {
  const all = entries(menu);
  const at = all.findIndex((one) => one === document.activeElement);
  /** @type {Record<string, () => number>} */
  const moves = {
    ArrowDown: () => (at + 1) % all.length,
    ArrowUp: () => (at - 1 + all.length) % all.length,
    Home: () => 0,
    End: () => all.length - 1,
  };
  event.stopPropagation();
  if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    close(true);
  } else if (moves[event.key]) {
    event.preventDefault();
    all[moves[event.key]?.() ?? 0]?.focus();
  } else if (event.key.length === 1 && event.key !== ' ') {
    const letter = event.key.toLowerCase();
    const following = [...all.slice(at + 1), ...all.slice(0, at + 1)];
    following.find((one) => one.textContent?.toLowerCase().startsWith(letter))?.focus();
  }
}

/**
 * Below the button, or above it where there is no room; on narrow screens the style sheet makes it a sheet instead.
 *
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(GAP, Math.min(at.right - width, window.innerWidth - width - GAP));
  const below = at.bottom + GAP;
  const top = below + height <= window.innerHeight - GAP ? below : Math.max(GAP, at.top - GAP - height);
  menu.style.setProperty('--left', `${left}px`);
  menu.style.setProperty('--top', `${top}px`);
}
