// Who gets what of whom: a table with a row for everybody who gets something, and a column for everybody who sends.

import { create, icon } from '../dom.js';

/** @typedef {import('./explained.js').Cell} Cell */
/** @typedef {import('./words.js').Peer} Peer */

export class Matrix {
  #shows = '';
  #table = create('table');
  element = create('div', { class: 'card scrolls' }, this.#table);

  constructor() {
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'region');
    this.element.setAttribute('aria-label', 'Who gets what of whom');
  }

  /** @param {Peer[]} present @param {ReadonlyMap<string, string>} names @param {Map<string, Map<string, Cell[]>>} gets */
  show(present, names, gets) {
    const senders = present.filter(({ uid, tracks }) => tracks.length || [...gets.values()].some((row) => row.has(uid)));
    const rows = present.filter(({ uid }) => gets.has(uid));
    const shows = JSON.stringify([senders, rows, [...names], rows.map(({ uid }) => [...(gets.get(uid) ?? [])])]);
    if (shows === this.#shows) return;
    this.#shows = shows;
    const nameOf = (/** @type {Peer} */ { uid }) => names.get(uid) ?? uid;
    const head = create('tr', {}, heading('col', 'Who'), ...senders.map((peer) => heading('col', `gets of ${nameOf(peer)}`)));
    const body = rows.map((peer) => {
      const cells = senders.map(({ uid }) => (uid === peer.uid ? own() : delivery(gets.get(peer.uid)?.get(uid) ?? [])));
      return create('tr', {}, heading('row', nameOf(peer)), ...cells);
    });
    this.#table.replaceChildren(create('thead', {}, head), create('tbody', {}, ...body));
  }
}

/** @param {'col' | 'row'} scope @param {string} text */
function heading(scope, text) {
  const cell = create('th', { text });
  cell.scope = scope;
  return cell;
}

function own() {
  return create('td', { class: 'own', text: '·' });
}

/** @param {Cell[]} cells */
function delivery(cells) {
  if (cells.length === 0) return create('td', { class: 'quiet', text: 'nothing' });
  return create('td', {}, create('div', { class: 'gets' }, ...cells.map(one)));
}

/** @param {Cell} cell */
function one({ level, kind, screen, text, why }) {
  const picture = icon(kind === 'audio' ? 'sound' : screen ? 'screen' : 'camera');
  const made = create('span', { class: `chip ${level}` }, picture, create('span', { text }));
  made.title = why;
  made.append(create('span', { class: 'visually-hidden', text: `: ${why}` }));
  return made;
}
