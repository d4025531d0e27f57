// Who has changed what lately.

import { create } from '../dom.js';
import { decodeStreamId } from '../stream_name.js';
import { LiveList, say } from './live_list.js';
import { chip, section } from './parts.js';
import { Refused } from './rpc.js';
import { clock, deed } from './words.js';

/** @typedef {import('./parts.js').View} View */
/** @typedef {import('./words.js').Audit} Audit */

const SHOWN = 200;
// Of what has happened in a room, for the names of those who were there.
const PAGE = 1000;
const MOST_PAGES = 3;
const ROOMS_AT_ONCE = 5;
const NOBODY = new Map();

/** @implements {View} */
export class LogView {
  #list = create('ol', { class: 'rows' });
  #empty = create('p', { class: 'quiet empty', text: 'Nobody has changed anything since the servers were started.' });
  #silent = create('p', { class: 'notice' });
  #rows = new LiveList(this.#list, auditRow);
  /** @type {Map<string, { until: number, names: Map<string, string> }>} by room; until: the newest change that was looked at */
  #people = new Map();

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
    await this.#learnNames(audits);
    const seen = new Map();
    const items = audits.map((audit) => {
      const key = JSON.stringify([audit.at, audit.node, audit.command, audit.params]);
      seen.set(key, (seen.get(key) ?? 0) + 1);
      const names = this.#people.get(audit.params.room ?? '')?.names ?? NOBODY;
      return { audit, names, key: `${key} ${seen.get(key)}` };
    });
    this.#rows.show(items, ({ key }) => key);
    this.#empty.hidden = audits.length > 0;
    this.#silent.hidden = silent.length === 0;
    say(this.#silent, `Not to be had of: ${silent.join(', ')}.`);
  }

  /** Who has left has told his name before: in the ids of what he sent. @param {Audit[]} audits the newest first */
  async #learnNames(audits) {
    const unknown = audits.filter(({ at, params: { room, uid } }) => {
      const known = this.#people.get(room ?? '');
      return room && uid && !known?.names.has(uid) && !(known && known.until >= at);
    });
    const rooms = new Map([...unknown].reverse().map(({ at, params }) => [params.room ?? '', at]));
    await Promise.all([...rooms].slice(0, ROOMS_AT_ONCE).map(([room, at]) => this.#learnNamesIn(room, at)));
  }

  /** @param {string} room @param {number} until */
  async #learnNamesIn(room, until) {
    const names = new Map(this.#people.get(room)?.names);
    this.#people.set(room, { until, names });
    let from = 1;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { events, next } = await this.#replay(room, from);
      for (const { data } of events) {
        const { name } = decodeStreamId(data?.track?.stream ?? '');
        if (data?.peer && name !== 'Guest') names.set(data.peer, name);
      }
      if (events.length < PAGE) return;
      from = next;
    }
  }

  /** @param {string} room @param {number} from */
  async #replay(room, from) {
    try {
      return await this.around.call('events.replay', { room, from, limit: PAGE });
    } catch (error) {
      if (error instanceof Refused) return { events: [], next: from };
      throw error;
    }
  }
}

/** @param {{ audit: Audit, names: ReadonlyMap<string, string>, key: string }} item */
function auditRow({ audit }) {
  const done = audit.result === 'done';
  const time = create('time', { class: 'quiet', text: clock(audit.at, { seconds: true }) });
  time.dateTime = new Date(audit.at).toISOString();
  const words = create('span', { class: 'says' });
  const what = create('span');
  words.append(what);
  if (!done) words.append(create('span', { class: 'quiet', text: ` ${audit.result}.` }));
  const from = [audit.from && `from ${audit.from}`, `at ${audit.node}`].filter(Boolean).join(' ');
  const row = create('li', { class: 'audit' }, time, words, create('span', { class: 'quiet where', text: from }));
  if (!done) row.append(chip('bad', 'refused'));
  return {
    element: row,
    /** @param {{ names: ReadonlyMap<string, string> }} item */
    update: ({ names }) => say(what, deed(audit, names)),
  };
}
