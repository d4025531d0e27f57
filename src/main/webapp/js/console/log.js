// Who has changed what lately.

import { create } from '../dom.js';
import { LiveList, say } from './live_list.js';
import { chip, section } from './parts.js';
import { clock, deed } from './words.js';

/** @typedef {import('./parts.js').View} View */
/** @typedef {import('./words.js').Audit} Audit */

const SHOWN = 200;

/** @implements {View} */
export class LogView {
  #list = create('ol', { class: 'rows' });
  #empty = create('p', { class: 'quiet empty', text: 'Nobody has changed anything since the servers were started.' });
  #silent = create('p', { class: 'notice' });
  #rows = new LiveList(this.#list, auditRow);

  /** @param {import('./parts.js').Around} around */
  constructor(around) {
    this.around = around;
    around.title('Log');
    this.#empty.hidden = true;
    this.#silent.hidden = true;
    const words = create('p', { class: 'quiet', text: 'What administrators have changed lately. Everything older is in the servers’ log files.' });
    const head = create('div', { class: 'head' }, create('div', { class: 'titles' }, create('h1', { text: 'Log' }), words));
    this.element = create('div', { class: 'view' }, head, this.#silent, section('Changes', this.#list, this.#empty));
  }

  async look() {
    /** @type {{ audits: Audit[], silent: string[] }} */
    const { audits, silent } = await this.around.call('audit.list', { limit: SHOWN });
    const seen = new Map();
    const items = audits.map((audit) => {
      const key = JSON.stringify([audit.at, audit.node, audit.command, audit.params]);
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return { audit, key: `${key} ${seen.get(key)}` };
    });
    this.#rows.show(items, ({ key }) => key);
    this.#empty.hidden = audits.length > 0;
    this.#silent.hidden = silent.length === 0;
    say(this.#silent, `Not to be had of: ${silent.join(', ')}.`);
  }
}

/** @param {{ audit: Audit, key: string }} item */
function auditRow({ audit }) {
  const done = audit.result === 'done';
  const time = create('time', { class: 'quiet', text: clock(audit.at, { seconds: true }) });
  time.dateTime = new Date(audit.at).toISOString();
  const words = create('span', { class: 'says', text: deed(audit) });
  if (!done) words.append(create('span', { class: 'quiet', text: ` ${audit.result}.` }));
  const from = [audit.from && `from ${audit.from}`, `at ${audit.node}`].filter(Boolean).join(' ');
  const row = create('li', { class: 'audit' }, time, words, create('span', { class: 'quiet where', text: from }));
  if (!done) row.append(chip('bad', 'refused'));
  return { element: row, update: () => undefined };
}
