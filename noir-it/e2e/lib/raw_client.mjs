// A signalling client without media: what a program that knows only the protocol sends.

import WebSocket from 'ws';

export class RawClient {
  constructor(socket, { answering = false } = {}) {
    this.socket = socket;
    this.answering = answering;
    this.nextId = 1;
    this.pending = new Map();
    this.notifications = [];
    socket.on('message', (data) => this.#receive(JSON.parse(data.toString())));
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /**
   * @param {{ answering?: boolean }} options answering: accepts what the server offers, as browsers do
   * @returns {Promise<RawClient>}
   */
  static open(url, options = {}) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.once('open', () => resolve(new RawClient(socket, options)));
      socket.once('error', reject);
    });
  }

  /** @returns the whole reply, be it a result or an error */
  call(method, params, id = this.nextId++) {
    const reply = new Promise((resolve) => this.pending.set(id, resolve));
    this.socket.send(JSON.stringify({ method, params, id }));
    return reply;
  }

  send(text) {
    this.socket.send(text);
  }

  close() {
    this.socket.close();
    return this.closed;
  }

  /** As a machine that loses its power. */
  terminate() {
    this.socket.terminate();
    return this.closed;
  }

  #receive(message) {
    if ('id' in message && !('method' in message)) {
      this.pending.get(message.id)?.(message);
      this.pending.delete(message.id);
    } else {
      this.notifications.push(message);
      if (this.answering && message.method === 'offer') this.#answer(message.params.sdp);
    }
  }

  #answer(offer) {
    const desc = { type: 'answer', sdp: answerTo(offer) };
    this.socket.send(JSON.stringify({ method: 'answer', params: { desc } }));
  }
}

const COMMON = [
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(':')}`,
];

/** Accepts everything, with credentials of nobody. */
function answerTo(offer) {
  const own = { 'a=ice-ufrag:': 1, 'a=ice-pwd:': 2, 'a=fingerprint:': 4 };
  const lines = offer.split('\r\n').map((line) => {
    const known = Object.entries(own).find(([prefix]) => line.startsWith(prefix));
    if (known) return COMMON[known[1]];
    if (line.startsWith('a=setup:')) return 'a=setup:active';
    return line === 'a=sendonly' ? 'a=recvonly' : line;
  });
  return lines.filter((line) => !/^a=(ice-lite|candidate:|end-of-candidates|ssrc|msid:)/.test(line)).join('\r\n');
}

/** What ion-sdk-js joins with: a data channel and no media. */
export function channelOffer() {
  const { type, sdp } = publisherOffer();
  return { type, sdp: sdp.slice(0, sdp.indexOf('m=audio')).replace('BUNDLE 0 1 2', 'BUNDLE 0') };
}

/** A publisher's offer as Chromium makes it, with credentials of nobody. */
export function publisherOffer() {
  const common = [...COMMON, 'a=setup:actpass'];
  const media = (kind, mid, codec, ssrc) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    ...common,
    `a=mid:${mid}`,
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=sendonly',
    `a=msid:stream-${ssrc} track-${ssrc}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:96 ${codec}`,
    `a=ssrc:${ssrc} cname:nobody`,
  ];
  const lines = [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1 2',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ...common,
    'a=mid:0',
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    ...media('audio', 1, 'opus/48000/2', 1001),
    ...media('video', 2, 'VP8/90000', 1002),
  ];
  return { type: 'offer', sdp: `${lines.join('\r\n')}\r\n` };
}
