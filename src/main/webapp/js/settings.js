// What the pages remember in this browser.

import { randomToken } from './address.js';

/**
 * @typedef {object} Settings
 * @property {string} name
 * @property {string} room
 * @property {boolean} cameraOn
 * @property {boolean} microphoneOn
 * @property {string} cameraId device id, empty for the default
 * @property {string} microphoneId
 */

const KEY = 'noir.settings';

/** @type {Settings} */
const DEFAULTS = { name: '', room: '', cameraOn: true, microphoneOn: true, cameraId: '', microphoneId: '' };

/** @returns {Settings} */
export function loadSettings() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const known = Object.entries(DEFAULTS).map(([key, value]) => [
      key,
      typeof stored[key] === typeof value ? stored[key] : value,
    ]);
    return Object.fromEntries(known);
  } catch {
    return { ...DEFAULTS };
  }
}

/** @param {Partial<Settings>} changes */
export function saveSettings(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...loadSettings(), ...changes }));
  } catch {
    // private window without storage: nothing is remembered, everything works
  }
}

/**
 * Who this tab is to the server. It survives a reload, so a reloaded tab replaces itself at once instead of
 * standing beside its own ghost.
 *
 * @returns {string}
 */
export function tabPeerId() {
  const fresh = `web-${randomToken(16)}`;
  try {
    const known = sessionStorage.getItem('noir.peer');
    if (known) return known;
    sessionStorage.setItem('noir.peer', fresh);
  } catch {
    // no storage: a new id per load
  }
  return fresh;
}

/**
 * What this tab keeps for itself, over a reload and no longer than it is open: a password, a token.
 *
 * @param {string} what
 * @param {string} room what it is for
 * @returns {string} empty: nothing
 */
export function tabSecret(what, room) {
  try {
    const [known, secret] = JSON.parse(sessionStorage.getItem(`noir.${what}`) ?? '[]');
    return known === room && typeof secret === 'string' ? secret : '';
  } catch {
    return '';
  }
}

/**
 * @param {string} what
 * @param {string} room
 * @param {string} secret empty: forget it
 */
export function keepTabSecret(what, room, secret) {
  try {
    if (secret) sessionStorage.setItem(`noir.${what}`, JSON.stringify([room, secret]));
    else sessionStorage.removeItem(`noir.${what}`);
  } catch {
    // no storage: forgotten with the page
  }
}
