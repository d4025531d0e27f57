// The protocol client of the gallery, apart from any page: joins a room, publishes, hands out what others publish,
// and comes back by itself when the server goes away. ion-sdk-js does one call; this does one *stay*.

import { randomToken } from './address.js';
import { closingOf } from './closing.js';
import { encodingsOf, sendOnly } from './encodings.js';
import { Client, IonSFUJSONRPCSignal } from './lib/ion-sdk.js';
import { refusalOf } from './refusal.js';
import { decodeStreamId, encodeStreamId, renameStreams } from './stream_name.js';

/** @typedef {import('./lib/ion-sdk.js').RemoteStream} RemoteStream */
/** @typedef {import('./stream_name.js').StreamKind} StreamKind */
/** @typedef {Partial<Record<'audio' | 'video', MediaStreamTrack | null>>} Tracks null: announced, nothing sent now */
/** @typedef {{ id: string, kind: StreamKind, tracks: Tracks, senders: Map<string, RTCRtpSender>, stream: MediaStream }} Publication */
/** @typedef {import('./closing.js').EndKind | import('./refusal.js').RefusalKind} EndKind */
/** @typedef {'grants' | 'squelched' | 'refused' | 'room' | 'recording' | 'streaming' | 'resume'} Told what the server tells without being asked */
/**
 * @typedef {object} Target may be changed between two calls of start()
 * @property {string} url
 * @property {string} room
 * @property {string} peerId
 * @property {string} name
 * @property {string} password of the room; empty: none
 * @property {string} resume shows that the peer id is ours, where the server asks for that; empty: no such secret
 */
/**
 * @typedef {object} Handlers
 * @property {() => void} onConnecting nothing that the server told before holds any more
 * @property {() => void} onJoined
 * @property {() => void} onChannel say() reaches a server that has heard nothing yet
 * @property {(what: Told, params: unknown) => void} onTold
 * @property {(stream: RemoteStream, label: import('./stream_name.js').StreamLabel) => void} onStream
 * @property {(streamId: string) => void} onStreamGone
 * @property {(streamIds: string[]) => void} onSpeakers who speaks now as the server hears it, loudest first; ours, too
 * @property {(to: { room: string, password: string }) => void} onMoved this room is left, that one joined; the target is to be made to fit
 * @property {(why: string, retryInMs: number) => void} onInterrupted the call stands still; another try follows
 * @property {(why: string, kind: EndKind) => void} onEnded no further try by itself
 */

const JOIN_TIMEOUT_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
// For the clients of a room that has moved: spread a little, or the new server gets them all in one millisecond.
const REJOIN_SPREAD_MS = 300;
const SENT_TO_ANOTHER_ROOM = 4011;
/** @type {Told[]} */
const TOLD = ['grants', 'squelched', 'refused', 'room', 'recording', 'streaming', 'resume'];
const API_CHANNEL = 'ion-sfu';
/** @type {Record<string, string>} */
const CODECS = { audio: 'audio/opus', video: 'video/VP8' };
// Repairs of video on a stream of their own (RFC 4588); the browser takes those of the codec.
const RTX = 'video/rtx';

/** Signalling that gives our streams their published ids, and joins with what opens the door. */
class NamingSignal extends IonSFUJSONRPCSignal {
  /** @type {Map<string, string>} */
  publicIds = new Map();

  /**
   * @param {string} url
   * @param {Record<string, string>} config of the join; empty members are left out
   */
  constructor(url, config) {
    super(url);
    this.config = Object.fromEntries(Object.entries(config).filter(([, value]) => value));
  }

  /**
   * @param {string} sid
   * @param {string} uid
   * @param {RTCSessionDescriptionInit} offer
   * @returns {Promise<RTCSessionDescriptionInit>}
   */
  join(sid, uid, offer) {
    return this.call('join', { sid, uid, offer: renameStreams(offer, this.publicIds), config: this.config });
  }

  /** @param {RTCSessionDescriptionInit} offer */
  offer(offer) {
    return super.offer(renameStreams(offer, this.publicIds));
  }
}

export class RoomConnection {
  /** @type {Map<string, Publication>} */
  #publications = new Map();
  /** @type {Set<string>} */
  #remoteIds = new Set();
  /** @type {Client | null} */
  #client = null;
  /** @type {NamingSignal | null} */
  #signal = null;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** Where what we send goes to. */
  #server = '';
  #joined = false;
  #stopped = false;
  #failures = 0;
  /** The room that the server has told us to join; empty: none. */
  /** @type {{ room: string, password: string } | null} where we are to go, and what opens that door */
  #sentTo = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #retryNow = () => {
    if (this.#timer !== undefined && !this.#client) this.start();
  };

  /**
   * @param {Target} target
   * @param {Handlers} handlers
   */
  constructor(target, handlers) {
    this.target = target;
    this.handlers = handlers;
    window.addEventListener('online', this.#retryNow);
  }

  /** The connection others' media arrives on, for statistics. */
  get subscriber() {
    return this.#client?.transports?.[1]?.pc ?? null;
  }

  /** @returns {Set<string>} the ids under which others know our streams */
  get ownStreams() {
    return new Set([...this.#publications.values()].map(({ id }) => id));
  }

  /**
   * A call of the protocol beyond what the SDK knows.
   *
   * @param {string} method
   * @param {Record<string, unknown>} params
   * @returns {Promise<unknown>} rejected with what the server answers
   */
  async call(method, params) {
    if (!this.#signal) throw new Error('you are not connected');
    return this.#signal.call(method, params);
  }

  /**
   * Tells the server something that has no answer, on the channel beside the media (docs/protocol.md §7).
   *
   * @param {string} method
   * @param {unknown} params
   * @returns {boolean} false: there is no such channel now; onChannel says when there is
   */
  say(method, params) {
    if (this.#channel?.readyState !== 'open') return false;
    this.#channel.send(JSON.stringify({ method, params }));
    return true;
  }

  /** @param {string} streamId @returns {StreamKind | undefined} which of ours it is */
  kindOf(streamId) {
    return [...this.#publications.values()].find(({ id }) => id === streamId)?.kind;
  }

  /** Offers again what the server once refused: something has been allowed since. */
  offerAgain() {
    const publisher = this.#client?.transports?.[0]?.pc;
    if (!publisher) return;
    const offer = () => {
      if (publisher.signalingState !== 'stable') return;
      publisher.removeEventListener('signalingstatechange', offer);
      // What the browser fires when a track is added; the SDK listens.
      publisher.dispatchEvent(new Event('negotiationneeded'));
    };
    publisher.addEventListener('signalingstatechange', offer);
    offer();
  }

  /** Connects and joins; also the manual retry. */
  start() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drop();
    this.#stopped = false;
    this.#sentTo = null;
    this.handlers.onConnecting();
    const signal = new NamingSignal(this.target.url, { password: this.target.password, resume: this.target.resume });
    // No STUN server: the SFU has public candidates of its own, and pages ask nobody else on the internet.
    const client = new Client(signal, { codec: 'vp8', iceServers: [] });
    this.#signal = signal;
    this.#client = client;
    client.ontrack = (track, stream) => this.#handleTrack(client, track, stream);
    client.onspeaker = (streamIds) => client === this.#client && this.handlers.onSpeakers(streamIds);
    for (const what of TOLD) {
      signal.on_notify(what, (params) => client === this.#client && this.handlers.onTold(what, params));
    }
    signal.on_notify('moved', (params) => {
      const { sid = '', password = '' } = /** @type {{ sid?: string, password?: string }} */ (params ?? {});
      if (client === this.#client) this.#sentTo = sid ? { room: String(sid), password: String(password) } : null;
    });
    signal.onclose = (event) => this.#handleClose(client, event);
    signal.onopen = () => this.#join(client);
    this.#timer = setTimeout(() => this.#retry(client, 'The server does not answer.'), JOIN_TIMEOUT_MS);
  }

  /**
   * Publishes now and after every rejoin. A null track is announced too, so that everybody has a tile for us from the
   * start and switching a camera on needs no negotiation.
   *
   * @param {StreamKind} kind
   * @param {Tracks} tracks
   */
  publish(kind, tracks) {
    const id = encodeStreamId(kind, this.target.name, randomToken(12));
    const publication = { id, kind, tracks, senders: new Map(), stream: new MediaStream() };
    this.#publications.set(kind, publication);
    if (this.#joined) this.#send(publication);
  }

  /** @param {StreamKind} kind */
  unpublish(kind) {
    const publication = this.#publications.get(kind);
    this.#publications.delete(kind);
    const publisher = this.#client?.transports?.[0]?.pc;
    if (!publication || !publisher || publisher.signalingState === 'closed') return;
    for (const sender of publication.senders.values()) publisher.removeTrack(sender);
  }

  /**
   * Swaps what a publication sends, without negotiation; null sends nothing at all, which is how others can tell a
   * muted microphone from a quiet one.
   *
   * @param {StreamKind} kind
   * @param {'audio' | 'video'} media
   * @param {MediaStreamTrack | null} track
   */
  async setTrack(kind, media, track) {
    const publication = this.#publications.get(kind);
    if (!publication) return;
    publication.tracks[media] = track;
    await publication.senders.get(media)?.replaceTrack(track);
  }

  leave() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    window.removeEventListener('online', this.#retryNow);
    this.#drop();
  }

  /** @param {Client} client */
  async #join(client) {
    try {
      await client.join(this.target.room, this.target.peerId);
    } catch (error) {
      if (client === this.#client) this.#handleRefusal(client, error);
      return;
    }
    if (client !== this.#client) return;
    clearTimeout(this.#timer);
    this.#failures = 0;
    this.#joined = true;
    for (const transport of Object.values(client.transports ?? {})) {
      transport.pc.addEventListener('connectionstatechange', () => {
        if (transport.pc.connectionState === 'failed') this.#retry(client, 'The connection was lost.');
      });
    }
    for (const publication of this.#publications.values()) this.#send(publication);
    const publisher = client.transports?.[0]?.pc;
    if (publisher) this.#server = serverOf(publisher);
    publisher?.addEventListener('signalingstatechange', () => this.#renewEncodings(client));
    this.handlers.onJoined();
    const subscriber = client.transports?.[1];
    if (subscriber?.api) this.#handleChannel(client, subscriber.api);
    // A server that goes on for another one opens its own.
    subscriber?.pc.addEventListener('datachannel', ({ channel }) => this.#handleChannel(client, channel));
  }

  /**
   * @param {Client} client
   * @param {RTCDataChannel} channel
   */
  #handleChannel(client, channel) {
    if (client !== this.#client || channel.label !== API_CHANNEL || channel === this.#channel) return;
    this.#channel = channel;
    channel.addEventListener('message', ({ data }) => client === this.#client && this.#handleMessage(data));
    const begin = () => {
      if (client !== this.#client || channel !== this.#channel) return;
      this.say('understands', ['wantedLayers']);
      this.handlers.onChannel();
    };
    if (channel.readyState === 'open') begin();
    else channel.addEventListener('open', begin);
  }

  /** @param {unknown} data of the API channel; the SDK hears the same, and knows what is its own */
  #handleMessage(data) {
    const { method, params } = JSON.parse(String(data)) ?? {};
    if (method !== 'wantedLayers' || !Array.isArray(params?.layers)) return;
    const publication = [...this.#publications.values()].find(({ id }) => id === params.streamId);
    const sender = publication?.senders.get('video');
    if (sender) void sendOnly(sender, params.layers);
  }

  /**
   * Not by ion-sdk-js's LocalStream: that needs a track where we have only the intention.
   *
   * @param {Publication} publication
   */
  #send(publication) {
    const publisher = this.#client?.transports?.[0]?.pc;
    if (!publisher) return;
    this.#signal?.publicIds.set(publication.stream.id, publication.id);
    for (const media of Object.keys(publication.tracks)) this.#sendMedia(publisher, publication, media);
  }

  /**
   * @param {RTCPeerConnection} publisher
   * @param {Publication} publication
   * @param {string} media audio or video
   */
  #sendMedia(publisher, publication, media) {
    const transceiver = publisher.addTransceiver(publication.tracks[/** @type {'audio' | 'video'} */ (media)] ?? media, {
      direction: 'sendonly',
      streams: [publication.stream],
      ...(media === 'video' ? { sendEncodings: encodingsOf(publication.kind) } : {}),
    });
    const known = RTCRtpSender.getCapabilities(media)?.codecs ?? [];
    const codec = known.find(({ mimeType }) => mimeType === CODECS[media]);
    const repairs = known.filter(({ mimeType }) => mimeType === RTX);
    if (codec) transceiver.setCodecPreferences?.([codec, ...repairs]);
    publication.senders.set(media, transceiver.sender);
  }

  /**
   * A browser says which encoding a packet is of until it hears that its packets arrive, and never again. So who goes on for
   * another server takes what comes of several encodings for nobody's: they begin anew there.
   *
   * @param {Client} client
   */
  #renewEncodings(client) {
    const publisher = client.transports?.[0]?.pc;
    if (client !== this.#client || !publisher || publisher.signalingState !== 'stable') return;
    const server = serverOf(publisher);
    if (server === this.#server) return;
    this.#server = server;
    for (const publication of this.#publications.values()) {
      const sender = publication.senders.get('video');
      if (!sender || encodingsOf(publication.kind).length === 1) continue;
      publisher.removeTrack(sender);
      this.#sendMedia(publisher, publication, 'video');
    }
  }

  /**
   * @param {Client} client
   * @param {MediaStreamTrack} track
   * @param {RemoteStream} stream
   */
  #handleTrack(client, track, stream) {
    if (client !== this.#client) return;
    const gone = () => {
      if (stream.getTracks().length === 0 && this.#remoteIds.delete(stream.id)) this.handlers.onStreamGone(stream.id);
    };
    stream.onremovetrack = gone;
    track.addEventListener('ended', gone);
    if (this.#remoteIds.has(stream.id)) return;
    this.#remoteIds.add(stream.id);
    this.handlers.onStream(stream, decodeStreamId(stream.id));
  }

  /**
   * @param {Client} client
   * @param {unknown} error what the server answered to join
   */
  #handleRefusal(client, error) {
    const refusal = refusalOf(error);
    if (refusal.next === 'retry') this.#retry(client, refusal.why);
    else this.end(refusal.why, refusal.kind);
  }

  /**
   * @param {Client} client
   * @param {Event} event
   */
  #handleClose(client, event) {
    if (client !== this.#client || this.#stopped) return;
    const { code, reason } = event instanceof CloseEvent ? event : { code: undefined, reason: '' };
    const closing = closingOf(code, this.#joined, reason);
    if (code === SENT_TO_ANOTHER_ROOM && this.#sentTo) {
      this.handlers.onMoved(this.#sentTo);
      this.start();
    } else if (closing.next === 'end') {
      this.end(closing.why, closing.kind);
    } else if (closing.next === 'rejoin' && this.#failures === 0) {
      this.#tryAgain(client, closing.why, Math.round(Math.random() * REJOIN_SPREAD_MS));
    } else {
      this.#retry(client, closing.why);
    }
  }

  /**
   * @param {Client} client
   * @param {string} why
   */
  #retry(client, why) {
    const step = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    // Spread, so that a restarted server is not hit by all its clients in the same millisecond.
    this.#tryAgain(client, why, Math.round(step * (0.75 + Math.random() / 2)));
  }

  /**
   * @param {Client} client
   * @param {string} why
   * @param {number} delay in milliseconds
   */
  #tryAgain(client, why, delay) {
    if (client !== this.#client || this.#stopped) return;
    this.#drop();
    this.#failures++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.start(), delay);
    this.handlers.onInterrupted(why, delay);
  }

  /**
   * No further try by itself.
   *
   * @param {string} why
   * @param {EndKind} kind
   */
  end(why, kind) {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drop();
    this.handlers.onEnded(why, kind);
  }

  /** Lets go of the present connection; publications stay for the next one. */
  #drop() {
    const client = this.#client;
    this.#client = null;
    this.#signal = null;
    this.#channel = null;
    this.#joined = false;
    client?.close();
    for (const publication of this.#publications.values()) publication.senders = new Map();
    const gone = [...this.#remoteIds];
    this.#remoteIds.clear();
    for (const id of gone) this.handlers.onStreamGone(id);
  }
}

/**
 * Each server has a certificate of its own.
 *
 * @param {RTCPeerConnection} connection
 */
function serverOf(connection) {
  return /^a=fingerprint:(.*)$/m.exec(connection.remoteDescription?.sdp ?? '')?.[1] ?? '';
}
