// The page a test drives: one participant with the unmodified ion-sdk-js of a chosen version.
// Every function takes and returns plain data, so that Playwright and Puppeteer can call it alike.

import { capturedFor, encodingsOf, figuresOf, takeStall } from './page.js';

let client = null;
let signal = null;
let rtc = null;
const ended = [];
const trackEvents = [];
let local = null;
const remote = new Map();
const heard = [];
const speakers = [];
let chat = null;
let gaps = null;

let kept = { delay: 0, count: 0 };

const GAP_TICK_MS = 30;
// From 1900 to 1970.
const NTP_EPOCH_MS = 2_208_988_800_000;

function openSocket(options, { Client, IonSFUJSONRPCSignal }) {
  signal = new (options.fingerprint ? forgingSignal(IonSFUJSONRPCSignal, options.fingerprint) : IonSFUJSONRPCSignal)(options.url);
  client = new Client(signal, { codec: options.codec, iceServers: [] });
}

/** options.grpc: 'rtc' for Ion.RTC, 'sfu' for the older signal. */
function openGrpc(options, { Client, IonSFUGRPCWebSignal, Connector, RTC }) {
  const config = { codec: options.codec, iceServers: [] };
  if (options.grpc === 'sfu') {
    signal = new IonSFUGRPCWebSignal(options.url);
    signal.onclose = ({ detail }) => ended.push(detail);
    client = new Client(signal, config);
    return;
  }
  const connector = new Connector(options.url, options.token);
  connector.onclose = (service, { detail }) => ended.push({ status: detail.status, statusMessage: detail.statusMessage });
  rtc = new RTC(connector, config);
  rtc.ontrackevent = (event) => trackEvents.push(event);
  client = rtc._rtc; // For what the page looks at.
}

window.call = {
  /**
   * @param {{ version: string, url: string, room: string, uid: string, codec: string, publish: boolean,
   *   resolution: string, encodings?: RTCRtpEncodingParameters[], retransmits?: boolean, simulcast?: boolean,
   *   redundantAudio?: boolean, extensions?: string[], fingerprint?: 'another' | 'several', onlyTcp?: boolean }} options
   *   retransmits: offers RTX, which the SDK leaves out; redundantAudio: and RED before Opus
   *   extensions: URIs of header extensions that it offers besides
   *   onlyTcp: takes nothing of what the server offers by UDP
   * @returns milliseconds from the open socket to the resolved join
   */
  async start(options) {
    const sdk = await import(`/sdk/${options.version}.js`);
    const { LocalStream } = sdk;
    if (options.grpc) openGrpc(options, { ...sdk, ...(await import('/sdk/grpc.js')) });
    else openSocket(options, sdk);
    if (options.onlyTcp) leaveUdpOut();
    if (options.retransmits || options.redundantAudio) keepRepairs(options);
    if (options.extensions) offerExtensions(options.extensions);
    client.ontrack = (track, stream) => receive(stream);
    client.ondatachannel = ({ channel }) => listen(channel);
    client.onspeaker = (ids) => speakers.push({ ids, at: performance.now() });
    if (!rtc) {
      await new Promise((resolve, reject) => {
        signal.onopen = resolve;
        signal.onerror = () => reject(new Error(`no WebSocket at ${options.url}`));
      });
    }
    const openedAt = performance.now();
    await (rtc ? rtc.join(options.room, options.uid, options.config) : client.join(options.room, options.uid));
    const joinMs = Math.round(performance.now() - openedAt);
    if (options.publish) {
      local = await LocalStream.getUserMedia({
        codec: options.codec,
        resolution: options.resolution,
        audio: true,
        video: true,
        simulcast: options.simulcast ?? false,
      });
      (rtc ?? client).publish(local, options.encodings);
    }
    return joinMs;
  },

  /** @returns how streams of gRPC have ended */
  ends() {
    return ended;
  },

  /** @returns what Ion.RTC has been told of others' tracks */
  trackEvents() {
    return trackEvents;
  },

  subscribe(tracks) {
    return rtc.subscribe(tracks);
  },

  close() {
    (rtc ?? client).close();
  },

  /** @returns the ids of the streams received now */
  streams() {
    return [...remote.keys()];
  },

  localStream() {
    return local?.id;
  },

  /** @returns the color in the middle of what is shown of a stream: red, green and blue, up to 255 */
  colorOf(stream) {
    const video = remote.get(stream);
    if (!video?.videoWidth) return [0, 0, 0];
    const canvas = new OffscreenCanvas(1, 1);
    const pen = canvas.getContext('2d');
    pen.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  },

  /** @returns the inbound rtp streams, each with the stream it belongs to */
  async received() {
    const subscriber = client?.transports?.[1]?.pc;
    if (!subscriber) return [];
    const stats = await subscriber.getStats();
    const codecs = new Map();
    stats.forEach((entry) => entry.type === 'codec' && codecs.set(entry.id, entry.mimeType));
    const found = [];
    stats.forEach((entry) => {
      if (entry.type !== 'inbound-rtp') return;
      found.push({
        stream: streamOf(entry, subscriber),
        codec: codecs.get(entry.codecId),
        ...figuresOf(entry),
      });
    });
    return found;
  },

  /** @returns how long ago what is shown or heard now was captured, in milliseconds; nothing when it does not say so */
  captureAge(kind) {
    const receivers = client.transports[1].pc.getReceivers().filter(({ track }) => track.kind === kind);
    const [source] = receivers.flatMap((receiver) => receiver.getSynchronizationSources());
    return source?.captureTimestamp ? source.timestamp + NTP_EPOCH_MS - source.captureTimestamp : null;
  },

  /** @returns how long pictures are kept before they are shown, in milliseconds, since the call before */
  async keptFor() {
    const stats = [...(await client.transports[1].pc.getStats()).values()];
    const video = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    const [delay, count] = [video.jitterBufferDelay, video.jitterBufferEmittedCount];
    const mean = ((delay - kept.delay) / (count - kept.count)) * 1000;
    kept = { delay, count };
    return mean;
  },

  /** @returns everything that helps to see why a test failed */
  async dump() {
    const transports = Object.values(client?.transports ?? {}).map(async ({ pc }) => ({
      ice: pc.iceConnectionState,
      connection: pc.connectionState,
      signaling: pc.signalingState,
      remote: pc.remoteDescription?.sdp,
      stats: [...(await pc.getStats()).values()].filter((entry) =>
        ['inbound-rtp', 'outbound-rtp', 'candidate-pair', 'transport'].includes(entry.type),
      ),
    }));
    const streams = [...remote.keys()];
    return { socket: signal?.socket?.readyState, streams, transports: await Promise.all(transports) };
  },

  sent() {
    return encodingsOf(client.transports[0].pc);
  },

  captured() {
    return capturedFor(client?.transports?.[0]?.pc);
  },

  /** @returns {Promise<{ protocol: string, port: number }[]>} what each connection goes over, and to which port of the server */
  async paths() {
    const paths = Object.values(client.transports).map(async ({ pc }) => {
      const stats = await pc.getStats();
      const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
      const pair = stats.get(selectedCandidatePairId);
      return { protocol: stats.get(pair.localCandidateId).protocol, port: stats.get(pair.remoteCandidateId).port };
    });
    return Promise.all(paths);
  },

  /** @returns what the server knows of this peer's media */
  explain() {
    return signal.call('explain', {});
  },

  /** How the SDK asks for a layer of a stream: "none", "low", "medium" or "high". */
  preferLayer({ stream, layer }) {
    remote.get(stream).srcObject.preferLayer(layer);
  },

  preferFramerate({ stream, layer }) {
    remote.get(stream).srcObject.preferFramerate(layer);
  },

  /** Measures, from now on, the longest time without a new packet or picture of each stream that is received. */
  watchGaps() {
    const watched = new Map();
    const look = async () => {
      const now = performance.now();
      for (const { stream, kind, packetsReceived, framesDecoded } of await window.call.received()) {
        if (kind !== 'video') continue;
        const state = watched.get(stream) ?? { packets: 0, frames: 0, packetAt: now, frameAt: now, packetGap: 0, frameGap: 0 };
        watched.set(stream, state);
        state.packetGap = Math.max(state.packetGap, now - state.packetAt);
        state.frameGap = Math.max(state.frameGap, now - state.frameAt);
        if (packetsReceived > state.packets) [state.packets, state.packetAt] = [packetsReceived, now];
        if (framesDecoded > state.frames) [state.frames, state.frameAt] = [framesDecoded, now];
      }
    };
    gaps = { watched, timer: setInterval(look, GAP_TICK_MS) };
  },

  /** @returns of a stream, in milliseconds, since `watchGaps` */
  takeGaps(stream) {
    clearInterval(gaps.timer);
    const { packetGap, frameGap } = gaps.watched.get(stream);
    return { packetGap: Math.round(packetGap), frameGap: Math.round(frameGap) };
  },

  /** Sends no pictures any more. */
  async pauseVideo() {
    const sender = client.transports[0].pc.getSenders().find(({ track }) => track?.kind === 'video');
    const parameters = sender.getParameters();
    parameters.encodings.forEach((encoding) => (encoding.active = false));
    await sender.setParameters(parameters);
  },

  /** @returns what the browser believes it may send, in bit/s */
  async bandwidthEstimate() {
    const pairs = [...(await client.transports[0].pc.getStats()).values()].filter(
      (entry) => entry.type === 'candidate-pair' && entry.nominated,
    );
    return Math.max(0, ...pairs.map((pair) => pair.availableOutgoingBitrate ?? 0));
  },

  takeStall,

  /** Both ends of both connections. */
  ufrags() {
    const ufrag = (description) => /a=ice-ufrag:(\S+)/.exec(description.sdp)[1];
    return Object.values(client.transports).flatMap(({ pc }) => [
      ufrag(pc.currentLocalDescription),
      ufrag(pc.currentRemoteDescription),
    ]);
  },

  restartIce() {
    client.restartIce();
  },

  /** @returns what the server has said of who speaks, oldest first, each with the milliseconds since then */
  speakers() {
    return speakers.map(({ ids, at }) => ({ ids, ago: Math.round(performance.now() - at) }));
  },

  mute() {
    local.mute('audio');
  },

  unmute() {
    local.unmute('audio');
  },

  unpublish() {
    local.unpublish();
  },

  publishAgain() {
    client.publish(local);
  },

  /**
   * Unpublishes and publishes, time and again; each time all that has to be said about it has been said. As slowly as the
   * server takes offers in the long run, five a second.
   */
  async publishManyTimes(times) {
    const { pc } = client.transports[0];
    const slowly = (work) => Promise.all([work, new Promise((done) => setTimeout(done, 210))]);
    for (let i = 0; i < times; i++) {
      for (const change of [() => local.unpublish(), () => client.publish(local)]) {
        change();
        await slowly(said(pc));
      }
    }
  },

  /** On the same socket, before the old connections have said goodbye. */
  async rejoin({ room, uid }) {
    client.leave();
    remote.forEach((video) => video.remove());
    remote.clear();
    await client.join(room, uid);
    client.publish(local);
  },

  /** @returns how many m-lines this browser offers */
  sentSections() {
    return client.transports[0].pc.currentLocalDescription.sdp.match(/^m=/gm).length;
  },

  /** @returns how many m-lines the server offers */
  offeredSections() {
    return client.transports[1].pc.currentRemoteDescription.sdp.match(/^m=/gm).length;
  },

  /** Opens the user channel; others hear what is said on theirs. */
  openChat() {
    chat = listen(client.createDataChannel('chat'));
  },

  chatIsOpen() {
    return chat?.readyState === 'open';
  },

  say(text) {
    chat.send(text);
  },

  heard() {
    return heard;
  },

  publisherState() {
    return client?.transports?.[0]?.pc.connectionState ?? 'none';
  },

  leave() {
    client.leave();
  },

  close() {
    client.close();
  },
};

/** An offer is answered, the next one. */
function said(pc) {
  return new Promise((resolve) => {
    const check = () => {
      if (pc.signalingState !== 'stable') return;
      pc.removeEventListener('signalingstatechange', check);
      resolve();
    };
    pc.addEventListener('signalingstatechange', check);
  });
}

// The SDK asks for one codec alone.
function keepRepairs({ retransmits, redundantAudio }) {
  const { prototype } = RTCRtpTransceiver;
  const set = prototype.setCodecPreferences;
  prototype.setCodecPreferences = function (codecs) {
    const kind = codecs[0].mimeType.split('/')[0];
    const of = (type) => RTCRtpSender.getCapabilities(kind).codecs.filter(({ mimeType }) => mimeType === type);
    const rtx = retransmits ? of('video/rtx') : [];
    const red = redundantAudio ? of('audio/red') : [];
    set.call(this, [...red, ...codecs, ...rtx]);
  };
}

function offerExtensions(uris) {
  const { prototype } = RTCPeerConnection;
  const add = prototype.addTransceiver;
  prototype.addTransceiver = function (...given) {
    const transceiver = add.apply(this, given);
    const wanted = transceiver.getHeaderExtensionsToNegotiate().map(({ uri, direction }) => {
      return { uri, direction: uris.includes(uri) ? 'sendrecv' : direction };
    });
    transceiver.setHeaderExtensionsToNegotiate(wanted);
    return transceiver;
  };
}

function listen(channel) {
  channel.onmessage = ({ data }) => heard.push(data);
  chat ??= channel;
  return channel;
}

function receive(stream) {
  stream.onremovetrack = () => {
    if (stream.getTracks().length > 0) return;
    remote.get(stream.id)?.remove();
    remote.delete(stream.id);
  };
  if (remote.has(stream.id)) return;
  const video = document.createElement('video');
  video.autoplay = true;
  video.playsInline = true;
  video.srcObject = stream;
  document.body.append(video);
  video.play().catch(() => {
    video.muted = true;
    video.play();
  });
  remote.set(stream.id, video);
}

// By mid, since Firefox invents track ids; by track id where the statistics have no mid.
function streamOf(entry, subscriber) {
  const transceiver = subscriber
    .getTransceivers()
    .find(({ mid, receiver }) => (entry.mid ? mid === entry.mid : receiver.track.id === entry.trackIdentifier));
  for (const [id, video] of remote) {
    if (transceiver && video.srcObject.getTracks().includes(transceiver.receiver.track)) return id;
  }
  return null;
}

function leaveUdpOut() {
  const { setRemoteDescription, addIceCandidate } = RTCPeerConnection.prototype;
  const isUdp = (line) => /candidate:\S+ \d+ udp /i.test(line);
  const without = (sdp) => sdp.split('\r\n').filter((line) => !isUdp(line)).join('\r\n');
  Object.assign(RTCPeerConnection.prototype, {
    setRemoteDescription({ type, sdp }) {
      return setRemoteDescription.call(this, { type, sdp: without(sdp) });
    },
    async addIceCandidate(given) {
      if (!isUdp(given?.candidate ?? '')) await addIceCandidate.call(this, given);
    },
  });
}

// Tells the server 'another' fingerprint than the one of our certificate, as a man in the middle would have; or 'several', as who
// has more than one certificate.
function forgingSignal(Signal, which) {
  const anotherOf = (line) => line.replace(/(sha-256 )(..)/, (_, name, byte) => name + (byte === '00' ? '01' : '00'));
  const forged = (line) => (which === 'several' ? `${anotherOf(line)}\r\n${line}` : anotherOf(line));
  const forge = ({ type, sdp }) => ({ type, sdp: sdp.replace(/a=fingerprint:sha-256 [0-9A-F:]+/g, forged) });
  return class extends Signal {
    join(...given) {
      return super.join(...given.map((value) => (value?.sdp ? forge(value) : value)));
    }

    offer(offer) {
      return super.offer(forge(offer));
    }

    answer(answer) {
      return super.answer(forge(answer));
    }
  };
}

document.title = 'ready';
