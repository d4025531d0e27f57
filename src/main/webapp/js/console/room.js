// One room: who is in it, who gets what of whom, and what can be done about it.

import { create, face, icon } from '../dom.js';
import { confirmClose } from './questions.js';
import { deliveries, RoomFigures } from './explained.js';
import { LiveList, say } from './live_list.js';
import { Matrix } from './matrix.js';
import { button, chip, LEVEL_WORDS, linkTo, section } from './parts.js';
import { bannedRow, personRow, waitingRow } from './people.js';
import { Cursor, Plot } from './plot.js';
import { changeRoom } from './room_form.js';
import { optionsInWords } from './room_options.js';
import { Refused } from './rpc.js';
import { Recent } from './scale.js';
import { clock, count, duration, millis, nameOf, rate, stretch, trouble } from './words.js';

/** @typedef {import('./parts.js').View} View */
/** @typedef {import('./words.js').Peer} Peer */
/** @typedef {import('./explained.js').ExplainedPeer} ExplainedPeer */
/** @typedef {{ uid: string, joined: number, left: number, spans: number, worst?: import('./words.js').Severity }} PastPeer */

const KEPT_MS = 10 * 60_000;
const STEP_MS = 2000;
const GONE = 404;
const PAST_SHOWN = 30;

/** @implements {View} */
export class RoomView {
  #recent = new Recent(KEPT_MS);
  #figures = new RoomFigures();
  #began = Date.now();
  #people = 0;
  /** @type {(import('./room_options.js').RoomOptions & { peers: number }) | undefined} */
  #info;
  #locked = false;
  #heading = create('h1');
  #facts = create('p', { class: 'quiet facts' });
  #options = create('p', { class: 'quiet facts' });
  #notice = create('p', { class: 'notice' });
  #lock = button('lock', '', () => void this.#change(this.#locked ? 'rooms.unlock' : 'rooms.lock'));
  #lobby = create('button', { class: 'switch' }, create('span', { class: 'track' }), create('span', { text: 'Lobby' }));
  #record = create('button', { class: 'switch' }, create('span', { class: 'track' }), create('span', { text: 'Record' }));
  #edit = button('settings', 'Options', () => void this.#changeOptions());
  #close = button('door', 'Close room', () => void this.#closeRoom(), 'danger-quiet');
  #plots;
  #queue = create('ul', { class: 'rows' });
  #present = create('ul', { class: 'rows' });
  #bans = create('ul', { class: 'rows' });
  #past = create('ul', { class: 'rows' });
  #matrix = new Matrix();
  #leftOut = create('p', { class: 'quiet' });
  #open = create('div', { class: 'view' });
  #parts;
  #lists;

  /** @param {import('./parts.js').Around} around @param {string} room */
  constructor(around, room) {
    this.around = around;
    this.room = room;
    around.title(room);
    const cursor = new Cursor();
    this.#plots = {
      rate: new Plot({ title: 'Bit rate', least: 100_000, step: STEP_MS, words: rate }, cursor),
      loss: new Plot({ title: 'Worst loss', least: 1, most: 100, step: STEP_MS, words: lossInWords }, cursor),
      delay: new Plot({ title: 'Longest delay', least: 50, step: STEP_MS, words: millis }, cursor),
    };
    const act = { room, around };
    this.#lists = {
      queue: new LiveList(this.#queue, (/** @type {Peer} */ peer) => waitingRow(act, peer)),
      present: new LiveList(this.#present, (/** @type {import('./people.js').Person} */ person) => personRow(act, person)),
      bans: new LiveList(this.#bans, (/** @type {import('./people.js').Ban} */ ban) => bannedRow(act, ban)),
      past: new LiveList(this.#past, (/** @type {PastPeer} */ peer) => pastRow(room, peer)),
    };
    this.#parts = {
      queue: section('Waiting to be let in', this.#queue),
      present: section('People', this.#present),
      matrix: section('Who gets what', this.#matrix.element, this.#leftOut),
      bans: section('Banned', this.#bans),
      past: section('Were here before', this.#past),
    };
    this.#parts.queue.classList.add('queue-part');
    this.element = this.#build();
  }

  #build() {
    this.#makeSwitch(this.#lobby, 'rooms.lobby', 'Who joins from now on waits until somebody lets them in');
    this.#makeSwitch(this.#record, 'rooms.record', 'What is said and shown is recorded; everybody in the room is told');
    this.#notice.hidden = true;
    for (const part of Object.values(this.#parts)) part.hidden = true;
    const { queue, present, matrix, bans, past } = this.#parts;
    const plots = create('div', { class: 'plots three card' }, ...Object.values(this.#plots).map(({ element }) => element));
    this.#open.append(queue, plots, present, matrix, bans);
    this.#open.hidden = true;
    const actions = create('div', { class: 'row actions' }, this.#lock, this.#lobby, this.#record, this.#edit, this.#close);
    const head = create('div', { class: 'head' }, create('div', { class: 'titles' }, this.#heading, this.#facts, this.#options), actions);
    this.#heading.textContent = this.room;
    const back = create('nav', { class: 'crumbs' }, linkTo('Overview', {}));
    back.setAttribute('aria-label', 'Way back');
    return create('div', { class: 'view' }, back, head, this.#notice, this.#open, past);
  }

  /** @param {HTMLButtonElement} control @param {string} method @param {string} title */
  #makeSwitch(control, method, title) {
    control.type = 'button';
    control.setAttribute('role', 'switch');
    control.title = title;
    const toggled = () => control.getAttribute('aria-checked') !== 'true';
    control.addEventListener('click', () => void this.#change(method, { enabled: toggled() }));
  }

  async look() {
    const { room } = this;
    const [info, list, explained, past] = await Promise.all([
      this.#ask('rooms.get'),
      this.#ask('peers.list'),
      this.#ask('explain'),
      this.#ask('peers.past'),
    ]);
    const open = info?.state === 'open' && list;
    this.#open.hidden = !open;
    for (const control of [this.#lock, this.#lobby, this.#record]) control.hidden = !open;
    for (const control of [this.#edit, this.#close]) control.hidden = !info;
    this.#info = info;
    this.#notice.hidden = Boolean(open);
    this.#notice.textContent = info ? 'Nobody is in this room at the moment. It is planned.' : 'This room is not open any more.';
    const now = Date.now();
    if (info) this.#showHead(info, now);
    const leftOut = explained?.explanation.peersLeftOut ?? 0;
    say(this.#leftOut, leftOut ? `${count(leftOut, 'more person', 'more people')} not shown here.` : '');
    if (open) this.#showOpen(list, explained?.explanation.peers ?? [], now);
    const here = new Set(open ? list.peers.map((/** @type {Peer} */ { uid }) => uid) : []);
    this.#showPast((past?.peers ?? []).filter((/** @type {PastPeer} */ { uid }) => !here.has(uid)));
    this.around.title(info?.title || room);
  }

  /** What is not there, or not now, is left out. @param {string} method */
  async #ask(method) {
    try {
      return await this.around.call(method, { room: this.room });
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** @param {any} info @param {number} now */
  #showHead(info, now) {
    say(this.#heading, info.title || info.room);
    const facts = [count(info.peers, 'person', 'people')];
    if (info.opened) facts.push(`open since ${clock(info.opened, { now })} (${duration(now - info.opened)})`);
    if (info.node) facts.push(`on ${info.node}`);
    if (info.title && info.title !== info.room) facts.unshift(info.room);
    say(this.#facts, facts.join(' · '));
    say(this.#options, optionsInWords(info).join(' · '));
    this.#people = info.peers;
    if (this.#locked !== info.locked || !this.#lock.hasAttribute('aria-pressed')) {
      this.#locked = info.locked;
      this.#lock.setAttribute('aria-pressed', String(info.locked));
      this.#lock.replaceChildren(icon(info.locked ? 'lock' : 'lock-open'), create('span', { text: info.locked ? 'Unlock' : 'Lock' }));
      this.#lock.title = info.locked ? 'Nobody else is let in' : 'Let nobody else in';
    }
    this.#lobby.setAttribute('aria-checked', String(info.lobby));
    this.#record.setAttribute('aria-checked', String(info.recorded));
  }

  /** @param {{ peers: Peer[], bans: import('./people.js').Ban[] }} list @param {ExplainedPeer[]} explained @param {number} now */
  #showOpen({ peers, bans }, explained, now) {
    const names = new Map(peers.map((peer) => [peer.uid, nameOf(peer)]));
    const waiting = peers.filter((peer) => peer.waiting);
    const present = peers.filter((peer) => !peer.waiting);
    const gets = deliveries(explained);
    const persons = present.map((peer) => ({
      peer,
      names,
      explained: explained.find(({ uid }) => uid === peer.uid),
      gets: gets.get(peer.uid),
    }));
    this.#lists.queue.show(waiting, ({ uid }) => uid);
    this.#lists.present.show(persons, ({ peer }) => peer.uid);
    this.#lists.bans.show(bans, ({ id }) => id);
    this.#matrix.show(present, names, gets);
    this.#parts.queue.hidden = waiting.length === 0;
    this.#parts.present.hidden = present.length === 0;
    this.#parts.matrix.hidden = present.length < 2 || explained.length === 0;
    this.#parts.bans.hidden = bans.length === 0;
    if (explained.length) this.#showFigures(explained, now);
  }

  /** @param {ExplainedPeer[]} explained @param {number} now */
  #showFigures(explained, now) {
    const figures = this.#figures.of(now, explained);
    for (const [name, value] of Object.entries(figures)) this.#recent.add(name, now, value);
    const range = { from: Math.max(now - KEPT_MS, Math.min(this.#began, now - 20_000)), to: now };
    const line = (/** @type {string} */ label, /** @type {string} */ name) => ({ label, points: this.#recent.of(name) });
    this.#plots.rate.show([line('to people', 'sent'), line('from people', 'received')], range);
    this.#plots.loss.show([line('', 'loss')], range);
    this.#plots.delay.show([line('', 'delay')], range);
  }

  /** @param {PastPeer[]} past */
  #showPast(past) {
    const last = [...past].sort((a, b) => b.left - a.left).slice(0, PAST_SHOWN);
    this.#lists.past.show(last, ({ uid, joined }) => JSON.stringify([uid, joined]));
    this.#parts.past.hidden = last.length === 0;
  }

  /** @param {string} method @param {Record<string, unknown>} [params] */
  async #change(method, params = {}) {
    try {
      await this.around.call(method, { room: this.room, ...params });
    } catch (error) {
      this.around.say(trouble(error));
    }
    this.around.soon();
  }

  async #changeOptions() {
    if (this.#info && (await changeRoom(this.around, this.room, this.#info))) this.around.say('It is changed.');
    this.around.soon();
  }

  async #closeRoom() {
    if (await confirmClose(this.#heading.textContent ?? this.room, this.#people)) await this.#change('rooms.close');
  }
}

/** @param {number | undefined} percent */
export function lossInWords(percent) {
  return percent === undefined ? '–' : `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** @param {string} room @param {PastPeer} stay */
function pastRow(room, { uid, joined, left, spans, worst }) {
  const name = nameOf({ uid, waiting: false, grants: [], squelched: [], tracks: [] });
  const link = linkTo('', { room, peer: uid, from: joined, to: left }, 'row-link');
  const words = create('span', { class: 'names' }, create('strong', { text: name }));
  words.append(create('span', { class: 'quiet', text: stretch({ from: joined, to: left }) }));
  const says = spans ? `${count(spans, 'thing')} happened` : 'nothing went wrong';
  link.append(face(name), words, create('span', { class: 'quiet why', text: says }), chip(worst ?? 'good', LEVEL_WORDS[worst ?? 'good']), icon('arrow'));
  return { element: create('li', { class: 'person-row' }, link), update: () => undefined };
}
