// What this page knows of who may do what in its room: its own grants, what moderators have silenced, and, for
// moderators, who else is there. Filled by the server's notifications and by the method `peers` (docs/protocol.md);
// from a server that sends none of them everybody may do everything but moderate. No page, no network.

import { decodeStreamId } from './stream_name.js';

/** @typedef {'audio' | 'video'} MediaKind */
/** @typedef {{ id: string, kind: MediaKind, screen: boolean, squelched: boolean }} PeerStream */
/**
 * @typedef {object} RoomPeer
 * @property {string} uid
 * @property {string} principal empty: nobody has vouched for who this is
 * @property {boolean} waiting
 * @property {boolean} attends it plays to those who wait, and is nobody in the meeting
 * @property {string[]} grants
 * @property {string[]} squelched kinds
 * @property {PeerStream[]} streams
 */
/** @typedef {{ id: string, uid: string, principal: string, until: number }} Ban until: milliseconds since 1970 */

export const PUBLISH = ['publish.audio', 'publish.video', 'publish.screen', 'publish.data'];
const MEMBER = ['join', ...PUBLISH, 'subscribe'];

export class RoomView {
  /** Ours among the peers. */
  uid = '';
  /** @type {Set<string>} */
  grants = new Set(MEMBER);
  waiting = false;
  locked = false;
  lobby = false;
  /** What is said and shown is recorded. */
  recorded = false;
  /** It is shown to people who are not in the room. */
  streamed = false;
  /** It could be. Only moderators know. */
  recordable = false;
  /** @type {RoomPeer[]} those who are in, and those who wait */
  peers = [];
  /** @type {Ban[]} */
  bans = [];
  /** @type {Set<MediaKind>} what moderators have silenced of ours */
  silencedKinds = new Set();
  /** @type {Set<string>} the same, by stream id */
  silencedStreams = new Set();
  /** @type {Map<string, string>} by uid, also of those who have left */
  #names = new Map();

  /** @param {string} uid */
  reset(uid) {
    Object.assign(this, new RoomView(), { uid });
  }

  get moderates() {
    return !this.waiting && this.#has('moderate', this.grants);
  }

  /** @param {'audio' | 'video' | 'screen' | 'data' } what */
  maySend(what) {
    return this.waiting || this.#has(`publish.${what}`, this.grants);
  }

  /**
   * @param {unknown} params of the notification `grants`
   * @returns {{ grants: ReadonlySet<string>, waiting: boolean }} what was true before
   */
  applyGrants(params) {
    const { grants, waiting } = fieldsOf(params);
    const before = { grants: this.grants, waiting: this.waiting };
    this.grants = new Set(strings(grants));
    this.waiting = waiting === true;
    if (!this.moderates) {
      this.peers = [];
      this.bans = [];
    }
    return before;
  }

  /** @param {unknown} params of the notification `squelched` */
  applySquelched(params) {
    const { kinds, streams, squelched } = fieldsOf(params);
    const [kindSet, streamSet] = [this.silencedKinds, this.silencedStreams];
    for (const kind of strings(kinds)) {
      if (kind === 'audio' || kind === 'video') squelched === false ? kindSet.delete(kind) : kindSet.add(kind);
    }
    for (const id of strings(streams)) squelched === false ? streamSet.delete(id) : streamSet.add(id);
  }

  /**
   * @param {unknown} params of the notification `recording`
   * @returns {{ before: boolean, reason: string }} what was true before; why it has ended, if nobody wanted that
   */
  applyRecording(params) {
    const { recorded, reason } = fieldsOf(params);
    const before = this.recorded;
    this.recorded = recorded === true;
    return { before, reason: text(reason) };
  }

  /**
   * @param {unknown} params of the notification `streaming`
   * @returns {boolean} what was true before
   */
  applyStreaming(params) {
    const before = this.streamed;
    this.streamed = fieldsOf(params).streamed === true;
    return before;
  }

  /** @param {unknown} params of the notification `room` */
  applyRoom(params) {
    const { locked, lobby, recordable, waiting } = fieldsOf(params);
    this.locked = locked === true;
    this.lobby = lobby === true;
    this.recordable = recordable === true;
    const known = new Map(this.peers.map((peer) => [peer.uid, peer]));
    const waitingNow = list(waiting).map((one) => known.get(peerOf(one).uid) ?? peerOf(one));
    const uids = new Set(waitingNow.map(({ uid }) => uid));
    this.peers = [
      ...this.peers.filter(({ uid, waiting: waited }) => !waited && !uids.has(uid)),
      ...waitingNow.map((peer) => ({ ...peer, waiting: true })),
    ];
  }

  /**
   * @param {unknown} result of the method `peers`
   * @param {ReadonlySet<string>} ownStreams by which we find ourselves, also where the server gave us another uid
   */
  applyPeers(result, ownStreams) {
    const { locked, lobby, peers, bans } = fieldsOf(result);
    this.locked = locked === true;
    this.lobby = lobby === true;
    this.peers = list(peers).map(peerOf);
    this.bans = list(bans).map(banOf);
    for (const { uid, streams } of this.peers) if (nameIn(streams)) this.#names.set(uid, nameIn(streams));
    this.uid = this.peers.find(({ streams }) => streams.some(({ id }) => ownStreams.has(id)))?.uid ?? this.uid;
  }

  /** @returns {RoomPeer[]} in the order in which they came */
  get queue() {
    return this.moderates ? this.peers.filter((peer) => peer.waiting) : [];
  }

  /** @returns {RoomPeer[]} */
  get present() {
    return this.peers.filter((peer) => !peer.waiting);
  }

  /** @param {string} streamId */
  peerOfStream(streamId) {
    return this.peers.find(({ streams }) => streams.some(({ id }) => id === streamId)) ?? null;
  }

  /**
   * @param {RoomPeer} peer
   * @param {string} [streamId] one of the peer's; without: all of them
   * @returns {Set<MediaKind>} what moderators have silenced
   */
  silencedOf(peer, streamId) {
    const ofStream = peer.streams.filter(({ id, squelched }) => squelched && (!streamId || id === streamId));
    return new Set(/** @type {MediaKind[]} */ ([...peer.squelched, ...ofStream.map(({ kind }) => kind)]));
  }

  /** @param {RoomPeer} peer */
  mayModerate(peer) {
    const outranked = peer.grants.includes('administer') && !this.grants.has('administer');
    return this.moderates && peer.uid !== this.uid && !outranked;
  }

  /**
   * What somebody calls himself, as far as we have ever known, else what the server knows.
   *
   * @param {{ uid: string, principal: string, streams?: PeerStream[] }} peer
   */
  nameOf({ uid, principal, streams = [] }) {
    return nameIn(streams) || this.#names.get(uid) || principal || 'Guest';
  }

  /**
   * @param {string} grant
   * @param {ReadonlySet<string>} held
   */
  #has(grant, held) {
    return held.has(grant) || held.has('administer');
  }
}

/** @param {PeerStream[]} streams @returns {string} what somebody calls himself; empty: unknown */
function nameIn(streams) {
  return streams.map(({ id }) => decodeStreamId(id).name).find((name) => name !== 'Guest') ?? '';
}

/** @param {unknown} value @returns {RoomPeer} */
function peerOf(value) {
  const { uid, principal, waiting, attends, grants, squelched, streams } = fieldsOf(value);
  return {
    uid: text(uid),
    principal: text(principal),
    waiting: waiting === true,
    attends: attends === true,
    grants: strings(grants),
    squelched: strings(squelched).filter((kind) => kind === 'audio' || kind === 'video'),
    streams: list(streams).map(streamOf),
  };
}

/** @param {unknown} value @returns {PeerStream} */
function streamOf(value) {
  const { id, kind, screen, squelched } = fieldsOf(value);
  return {
    id: text(id),
    kind: kind === 'audio' ? 'audio' : 'video',
    screen: screen === true,
    squelched: squelched === true,
  };
}

/** @param {unknown} value @returns {Ban} */
function banOf(value) {
  const { id, uid, principal, until } = fieldsOf(value);
  return { id: text(id), uid: text(uid), principal: text(principal), until: typeof until === 'number' ? until : 0 };
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function fieldsOf(value) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value @returns {string[]} */
function strings(value) {
  return list(value).filter((one) => typeof one === 'string');
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
