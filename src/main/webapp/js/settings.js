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
