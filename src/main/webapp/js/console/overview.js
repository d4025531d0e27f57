// Everything at a glance: how the servers are, and which rooms there are.

import { create, icon } from '../dom.js';
import { LiveList, say } from './live_list.js';
import { button, chip, linkTo, section } from './parts.js';
import { hashOf } from './place.js';
import { Plot } from './plot.js';
import { confirmDrain } from './questions.js';
import { planRoom } from './room_form.js';
import { Recent } from './scale.js';
import { BUSY, count, duration, number, percent, trouble, wellBeing } from './words.js';

/** @typedef {import('./parts.js').View} View */
/** @typedef {import('./words.js').NodeEntry} NodeEntry */
/**
 * @typedef {object} RoomEntry
 * @property {string} room
 * @property {string} state
 * @property {string} [node]
 * @property {string} title
 * @property {boolean} locked
 * @property {boolean} lobby
 * @property {boolean} recorded
 * @property {number} peers
 * @property {number} publishers
 * @property {number} [opened]
 */

const KEPT_MS = 10 * 60_000;
const STEP_MS = 2000;
const PAGE = 50;
const FULL = 1.25;

/** What was seen of the servers since the console was opened; it outlives the view. */
const recent = new Recent(KEPT_MS);

/** @implements {View} */
export class Overview {
  #limit = PAGE;
  #status = create('p', { class: 'wellbeing' });
  #figures = ['People', 'Rooms', 'Packets a second', 'Busiest server'].map((title) => figure(title));
  #search = create('input');
  #rooms = create('ul', { class: 'rows' });
  #noRooms = create('p', { class: 'quiet empty' });
  #more = button('', 'Show more rooms', () => this.#showMore());
  #nodes = create('ul', { class: 'cards' });
  #roomList = new LiveList(this.#rooms, roomRow);
  /** @type {LiveList<NodeEntry>} */
  #nodeList;

  /** @param {import('./parts.js').Around} around */
  constructor(around) {
    this.around = around;
    around.title('Overview');
    this.#nodeList = new LiveList(this.#nodes, (node) => nodeCard(node, () => void this.#drain(node.node)));
    this.#search.type = 'search';
    this.#search.placeholder = 'Find a room';
    this.#search.setAttribute('aria-label', 'Find a room by the beginning of its name');
    this.#search.addEventListener('input', () => around.soon());
    this.#more.hidden = true;
    const rooms = section('Rooms', this.#rooms, this.#noRooms, this.#more);
    const plan = button('plus', 'Plan a room', () => void this.#plan());
    rooms.firstElementChild?.append(create('div', { class: 'row find' }, this.#search, plan));
    const heading = create('h1', { text: 'Overview' });
    this.element = create(
      'div',
      { class: 'view' },
      create('div', { class: 'head' }, heading, this.#status),
      create('div', { class: 'figures-row' }, ...this.#figures.map(({ element }) => element)),
      rooms,
      section('Servers', this.#nodes),
    );
    this.#status.setAttribute('role', 'status');
  }

  async look() {
    const prefix = this.#search.value.trim();
    const [{ nodes }, counts, list] = await Promise.all([
      this.around.call('nodes.list'),
      this.around.call('rooms.count'),
      this.#findRooms(prefix),
    ]);
    if (prefix !== this.#search.value.trim()) return;
    this.#showServers(nodes, [...counts.silent, ...list.silent], counts);
    this.#showRooms(list, prefix);
  }

  /** @param {string} prefix */
  async #findRooms(prefix) {
    /** @type {RoomEntry[]} */
    const rooms = [];
    const silent = new Set();
    let after;
    do {
      const page = await this.around.call('rooms.list', { after, limit: PAGE, filter: prefix ? { prefix } : {} });
      rooms.push(...page.rooms);
      page.silent.forEach((/** @type {string} */ node) => silent.add(node));
      after = page.next;
    } while (after && rooms.length < this.#limit);
    return { rooms, silent, more: Boolean(after) };
  }

  /** @param {NodeEntry[]} nodes @param {string[]} silent @param {{ rooms: number, peers: number }} counts */
  #showServers(nodes, silent, counts) {
    const now = Date.now();
    const packets = nodes.reduce((sum, node) => sum + node.packetsPerSecond, 0);
    const busiest = nodes.reduce((most, node) => Math.max(most, node.cpu), 0);
    const values = [counts.peers, counts.rooms, packets, busiest];
    const words = [number(counts.peers), number(counts.rooms), number(packets), percent(busiest)];
    this.#figures.forEach(({ show, title }, place) => {
      recent.add(title, now, values[place]);
      show(words[place] ?? '', recent.of(title), now);
    });
    for (const { node, cpu, packetsPerSecond } of nodes) {
      recent.add(`cpu ${node}`, now, cpu);
      recent.add(`packets ${node}`, now, packetsPerSecond);
    }
    const alive = new Set(nodes.map(({ node }) => node));
    recent.keep((name) => !/^(cpu|packets) /.test(name) || alive.has(name.replace(/^\w+ /, '')));
    this.#nodeList.show(nodes, ({ node }) => node);
    const { level, says } = wellBeing(nodes, [...new Set(silent)]);
    this.#status.className = `wellbeing ${level}`;
    say(this.#status, says);
  }

  /** @param {{ rooms: RoomEntry[], more: boolean }} list @param {string} prefix */
  #showRooms({ rooms, more }, prefix) {
    this.#roomList.show(rooms, ({ room }) => room);
    this.#more.hidden = !more;
    this.#noRooms.hidden = rooms.length > 0;
    say(this.#noRooms, prefix ? `No room begins with “${prefix}”.` : 'Nobody is in a room at the moment.');
  }

  #showMore() {
    this.#limit += PAGE;
    this.around.soon();
  }

  async #plan() {
    const room = await planRoom(this.around);
    if (room === undefined) return;
    this.around.say(`The room ${room} is planned.`);
    window.location.hash = hashOf({ room });
  }

  /** @param {string} node */
  async #drain(node) {
    if (!(await confirmDrain(node))) return;
    try {
      await this.around.call('nodes.drain', { node });
      this.around.say(`${node} is being taken out of service.`);
    } catch (error) {
      this.around.say(trouble(error));
    }
    this.around.soon();
  }
}

/** A number with its last minutes. @param {string} title */
function figure(title) {
  const value = create('strong', { class: 'value', text: '–' });
  // With room above what is full.
  const full = title === 'Busiest server' ? { least: FULL, most: FULL } : { least: 4 };
  const plot = new Plot({ title, ...full, step: STEP_MS, words: () => '', small: true });
  const element = create('div', { class: 'card figure' }, create('span', { class: 'quiet', text: title }), value, plot.element);
  plot.element.setAttribute('aria-hidden', 'true');
  return {
    title,
    element,
    /** @param {string} text @param {readonly import('./scale.js').Point[]} points @param {number} now */
    show(text, points, now) {
      say(value, text);
      plot.show([{ label: '', points }], rangeOf(points, now));
    },
  };
}

/** At least some seconds, so that the first points are not a wall. @param {readonly import('./scale.js').Point[]} points @param {number} now */
function rangeOf(points, now) {
  return { from: Math.min(points[0]?.at ?? now, now - 20_000), to: now };
}

/** @param {RoomEntry} first */
function roomRow(first) {
  const link = linkTo('', { room: first.room }, 'row-link');
  const name = create('strong');
  const id = create('span', { class: 'quiet' });
  const marks = create('span', { class: 'marks' });
  const people = create('span', { class: 'people-count' });
  const where = create('span', { class: 'quiet where' });
  link.append(create('span', { class: 'names' }, name, id), marks, people, where, icon('arrow'));
  return {
    element: create('li', {}, link),
    /** @param {RoomEntry} entry */
    update(entry) {
      say(name, entry.title || entry.room);
      say(id, entry.title && entry.title !== entry.room ? entry.room : '');
      const words = entry.state === 'planned' ? ['planned'] : [];
      if (entry.locked) words.push('locked');
      if (entry.lobby) words.push('lobby');
      if (entry.recorded) words.push('recorded');
      if (marks.dataset.shows !== words.join()) {
        marks.dataset.shows = words.join();
        marks.replaceChildren(...words.map((word) => chip(word === 'planned' ? 'plain' : 'info', word)));
      }
      say(people, entry.state === 'planned' ? '' : count(entry.peers, 'person', 'people'));
      const parts = [];
      if (entry.opened) parts.push(`for ${duration(Date.now() - entry.opened)}`);
      if (entry.node) parts.push(`on ${entry.node}`);
      say(where, parts.join(' · '));
    },
  };
}

/** @param {NodeEntry} first @param {() => void} drain */
function nodeCard(first, drain) {
  const state = create('span', { class: 'chip' });
  const cpu = new Plot({ title: 'Processors', least: 1, most: 1, step: STEP_MS, words: percent });
  const packets = new Plot({ title: 'Packets a second', least: 100, step: STEP_MS, words: number });
  const facts = create('p', { class: 'quiet' });
  const out = button('leave', 'Take out of service', drain);
  const head = create('div', { class: 'card-head' }, create('h3', { text: first.node }), state);
  return {
    element: create('li', { class: 'card node' }, head, facts, create('div', { class: 'plots two' }, cpu.element, packets.element), create('div', { class: 'row' }, out)),
    /** @param {NodeEntry} node */
    update(node) {
      const busy = node.cpu >= BUSY;
      const up = node.state === 'up';
      state.className = `chip ${up ? (busy ? 'warning' : 'good') : 'info'}`;
      say(state, up ? (busy ? 'very busy' : 'running') : 'leaving');
      out.disabled = !up;
      const rooms = `${count(node.rooms, 'room')} with ${count(node.peers, 'person', 'people')}`;
      say(facts, `${rooms} · running for ${duration(Date.now() - node.started)} · version ${node.version}`);
      const now = Date.now();
      for (const [plot, name] of /** @type {[Plot, string][]} */ ([[cpu, 'cpu'], [packets, 'packets']])) {
        const points = recent.of(`${name} ${node.node}`);
        plot.show([{ label: '', points }], rangeOf(points, now));
      }
    },
  };
}
