// What a moderator sees more than others: lock, lobby, who waits, everybody's menu. Hidden, and silent towards the
// server, as long as the server has not said that we moderate.

import { askRemoval, askRoom } from './dialogs.js';
import { create, element, face, icon } from './dom.js';
import { actionsFor, timeLeft } from './host_actions.js';
import { KeyedList } from './keyed_list.js';
import { toggleMenu } from './menu.js';
import { errorInWords } from './refusal.js';

/** @typedef {import('./room_view.js').RoomPeer} RoomPeer */
/**
 * @typedef {object} Surroundings
 * @property {(method: string, params: Record<string, unknown>) => Promise<unknown>} call
 * @property {() => Set<string>} ownStreams
 * @property {() => Iterable<[string, import('./tile.js').Tile]>} tiles others', by stream id
 * @property {(text: string) => void} say
 */

// Tracks that come and go do so in groups: one question for all of them.
const GATHER_MS = 150;
// Changes that other moderators make are told to nobody: so we look. Sooner while we do not know who waits.
const LOOK_AGAIN_MS = 5000;
const LOOK_SOON_MS = 1000;
// Somebody who has published nothing by then has no name for us.
const NAMELESS_MS = 3000;

export class HostControls {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Counts connections; an answer of an earlier one is nobody's business any more. */
  #era = 0;
  /** @type {Map<string, { since: number, said: boolean }>} who waits, by uid; since: performance.now() */
  #announced = new Map();
  box = element('host', HTMLElement);
  peopleToggle = element('people-toggle', HTMLButtonElement);
  lobbySwitch = element('lobby', HTMLButtonElement);
  recordSwitch = element('record', HTMLButtonElement);
  lockButton = element('lock', HTMLButtonElement);
  queueBox = element('queue', HTMLElement);
  admitAll = element('admit-all', HTMLButtonElement);
  panel = element('people', HTMLElement);
  queue = new KeyedList(element('queue-list', HTMLElement), () => this.peopleToggle);
  list = new KeyedList(element('people-list', HTMLElement), () => this.peopleToggle);
  bans = new KeyedList(element('ban-list', HTMLElement), () => this.peopleToggle);

  /**
   * @param {import('./room_view.js').RoomView} view
   * @param {Surroundings} around
   */
  constructor(view, around) {
    this.view = view;
    this.around = around;
    this.lockButton.addEventListener('click', () => this.#run('lock', { locked: !view.locked }));
    this.lobbySwitch.addEventListener('click', () => this.#run('lobby', { enabled: !view.lobby }));
    this.recordSwitch.addEventListener('click', () => this.#run('record', { enabled: !view.recorded }));
    this.peopleToggle.addEventListener('click', () => this.showPanel(this.panel.hidden));
    element('people-close', HTMLButtonElement).addEventListener('click', () => this.showPanel(false));
    this.panel.addEventListener('keydown', (event) => event.key === 'Escape' && this.showPanel(false));
    this.admitAll.addEventListener('click', () => {
      for (const { uid } of view.queue) void this.#run('admit', { uid });
    });
    const everybody = () => ({ except: view.uid, kind: 'audio' });
    element('mute-all', HTMLButtonElement).addEventListener('click', () => this.#run('squelch', everybody()));
    element('unmute-all', HTMLButtonElement).addEventListener('click', () => this.#run('unsquelch', everybody()));
  }

  /** A new connection: nothing is known. */
  reset() {
    this.#era++;
    this.#announced.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.show();
  }

  /** Shows what is known, and asks for what is not. */
  update() {
    this.show();
    if (this.view.moderates) this.#lookIn(GATHER_MS);
  }

  show() {
    const { view } = this;
    this.box.hidden = !view.moderates;
    this.#showLock();
    this.#showRecording();
    this.#showQueue();
    if (!view.moderates && !this.panel.hidden) this.showPanel(false);
    this.#showPanelContent();
    for (const [id, tile] of this.around.tiles()) this.#showTile(id, tile);
  }

  /** @param {boolean} visible */
  showPanel(visible) {
    const hadFocus = this.panel.contains(document.activeElement);
    this.panel.hidden = !visible;
    this.peopleToggle.setAttribute('aria-expanded', String(visible));
    if (visible) element('people-title', HTMLElement).focus();
    else if (hadFocus) this.peopleToggle.focus();
  }

  #showLock() {
    const { locked, lobby } = this.view;
    this.lockButton.setAttribute('aria-pressed', String(locked));
    const label = locked ? 'Unlock the room' : 'Lock the room';
    this.lockButton.setAttribute('aria-label', label);
    this.lockButton.title = locked ? 'Nobody else is let in. Unlock the room' : 'Lock the room: nobody else is let in';
    this.lockButton.replaceChildren(
      icon(locked ? 'lock' : 'lock-open'),
      create('span', { class: 'text', text: locked ? 'Unlock' : 'Lock' }),
    );
    this.lobbySwitch.setAttribute('aria-checked', String(lobby));
  }

  /** Whoever is in the room has to know. */
  #showRecording() {
    const { recorded, recordable } = this.view;
    element('recorded', HTMLElement).hidden = !recorded;
    element('streamed', HTMLElement).hidden = !this.view.streamed;
    this.recordSwitch.hidden = !recordable && !recorded;
    this.recordSwitch.setAttribute('aria-checked', String(recorded));
  }

  #showQueue() {
    const { queue } = this.view;
    this.queue.show(queue, ({ uid }) => uid, (peer) => this.#waiting(peer));
    this.queueBox.hidden = queue.length === 0;
    this.admitAll.hidden = queue.length < 2;
  }

  /** Once for each time somebody comes to wait, when the name is known, or will not be. */
  #announce() {
    const { queue } = this.view;
    const now = performance.now();
    for (const peer of queue) {
      const waiter = this.#announced.get(peer.uid) ?? { since: now, said: false };
      this.#announced.set(peer.uid, waiter);
      if (waiter.said || (peer.streams.length === 0 && now - waiter.since < NAMELESS_MS)) continue;
      waiter.said = true;
      this.around.say(`${this.view.nameOf(peer)} is waiting in the lobby.`);
    }
    for (const uid of this.#announced.keys()) if (!queue.some((peer) => peer.uid === uid)) this.#announced.delete(uid);
  }

  #showPanelContent() {
    const { view } = this;
    const shown = view.present.map((peer) => ({ ...peer, own: peer.uid === view.uid, may: view.mayModerate(peer) }));
    this.list.show(shown, ({ uid }) => uid, (peer) => this.#person(peer, peer.own));
    const bans = view.bans.map((ban) => ({ ...ban, left: timeLeft(ban.until, Date.now()) }));
    this.bans.show(bans, ({ id }) => id, (ban) => this.#banned(ban));
    element('ban-section', HTMLElement).hidden = bans.length === 0;
  }

  /**
   * @param {string} id of the stream
   * @param {import('./tile.js').Tile} tile
   */
  #showTile(id, tile) {
    const peer = this.view.peerOfStream(id);
    tile.setSilenced(peer ? this.view.silencedOf(peer, id) : new Set());
    const may = peer && this.view.mayModerate(peer);
    tile.setMenu(may ? (button) => this.#openMenu(button, peer.uid, tile.who.name) : null);
  }

  /** @param {RoomPeer} peer */
  #waiting(peer) {
    const name = this.view.nameOf(peer);
    return create(
      'li',
      { class: 'person' },
      ...about(name, peer.principal),
      action('Admit', `Admit ${name}`, 'primary', () => this.#run('admit', { uid: peer.uid })),
      action('Decline', `Decline ${name}`, '', () => this.#run('kick', { uid: peer.uid, reason: 'You were not let in' })),
    );
  }

  /**
   * @param {RoomPeer} peer
   * @param {boolean} own
   */
  #person(peer, own) {
    const name = this.view.nameOf(peer);
    const marks = own ? ['you'] : [];
    if (peer.grants.includes('administer')) marks.push('administrator');
    else if (peer.grants.includes('moderate')) marks.push('moderator');
    if (peer.attends) marks.push('heard in the lobby only');
    if (!peer.grants.some((grant) => grant.startsWith('publish.'))) marks.push('watches only');
    for (const kind of this.view.silencedOf(peer)) marks.push(kind === 'audio' ? 'sound muted' : 'video muted');
    const row = create('li', { class: 'person' }, ...about(name, [peer.attends ? '' : peer.principal, ...marks].filter(Boolean).join(' · ')));
    if (this.view.mayModerate(peer)) {
      const button = create('button', { class: 'quiet-button' }, icon('more'));
      button.type = 'button';
      button.setAttribute('aria-label', `Moderate ${name}`);
      button.setAttribute('aria-haspopup', 'menu');
      button.addEventListener('click', () => this.#openMenu(button, peer.uid, name));
      row.append(button);
    }
    return row;
  }

  /** @param {import('./room_view.js').Ban & { left: string }} ban */
  #banned(ban) {
    const name = this.view.nameOf(ban);
    const lift = action('Lift', `Lift the ban of ${name}`, '', () => this.#run('unban', { id: ban.id }));
    return create('li', { class: 'person' }, ...about(name, ban.left), lift);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {string} uid
   * @param {string} name
   */
  #openMenu(button, uid, name) {
    const peer = this.view.peers.find((one) => one.uid === uid);
    if (!peer) return;
    const items = actionsFor(this.view, peer).map((item) => ({
      ...item,
      run: () => ('call' in item ? this.#run(item.call.method, item.call.params) : this.#ask(item.ask, uid, name)),
    }));
    toggleMenu(button, `Moderate ${name}`, items);
  }

  /**
   * @param {'kick' | 'ban' | 'move'} what
   * @param {string} uid
   * @param {string} name
   */
  async #ask(what, uid, name) {
    if (what === 'move') {
      const to = await askRoom(name);
      if (to) await this.#run('move', { uid, to });
      return;
    }
    const answer = await askRemoval(what, name);
    if (!answer) return;
    const reason = answer.reason ? { reason: answer.reason } : {};
    await this.#run(what, what === 'ban' ? { uid, seconds: answer.seconds, ...reason } : { uid, ...reason });
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   */
  async #run(method, params) {
    try {
      await this.around.call(method, params);
    } catch (error) {
      this.around.say(errorInWords(error));
    }
    this.#lookIn(0);
  }

  /** @param {number} ms */
  #lookIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look() {
    if (!this.view.moderates) return;
    const era = this.#era;
    try {
      const result = await this.around.call('peers', {});
      if (era !== this.#era) return;
      this.view.applyPeers(result, this.around.ownStreams());
      this.show();
      this.#announce();
    } catch {
      // Asked again below; what was known stays on the page.
    }
    if (era !== this.#era || !this.view.moderates) return;
    const unknown = this.view.queue.some(({ streams }) => streams.length === 0);
    this.#lookIn(unknown ? LOOK_SOON_MS : LOOK_AGAIN_MS);
  }
}

/**
 * @param {string} name
 * @param {string} more
 */
function about(name, more) {
  const words = create('div', { class: 'who' }, create('div', { class: 'name', text: name }));
  if (more) words.append(create('div', { class: 'quiet', text: more }));
  return [face(name), words];
}

/**
 * @param {string} text
 * @param {string} label begins with the text
 * @param {string} style
 * @param {() => void} run
 */
function action(text, label, style, run) {
  const button = create('button', { class: style, text });
  button.type = 'button';
  button.setAttribute('aria-label', label);
  button.addEventListener('click', run);
  return button;
}
