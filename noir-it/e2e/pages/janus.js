// One participant of a Janus VideoRoom, by its WebSocket API, for comparison: as call.js, as far as that is needed.

import { capturedFor, encodingsOf, figuresOf, takeStall } from './page.js';

const KEEP_ALIVE_MS = 20_000;
const ROOM = 1;
const ONLY_STREAM = 'the only one';

let socket = null;
let session = 0;
let sender = null;
let receiver = null;
let remote = null;
let subscription = null;
const waiting = new Map();
const events = [];

window.call = {
  /** @param {{ url: string, publish: boolean, encodings?: RTCRtpEncodingParameters[] }} options */
  async start({ url, publish, encodings }) {
    socket = new WebSocket(url, 'janus-protocol');
    socket.onmessage = ({ data }) => hear(JSON.parse(data));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`no WebSocket at ${url}`));
    });
    const openedAt = performance.now();
    session = (await ask({ janus: 'create' })).data.id;
    setInterval(() => void ask({ janus: 'keepalive' }), KEEP_ALIVE_MS);
    const handle = await attach();
    await ask({ janus: 'message', handle_id: handle, body: { request: 'create', room: ROOM, bitrate: 0 } });
    const joined = await event(handle, { request: 'join', ptype: 'publisher', room: ROOM }, 'joined');
    if (publish) await send(handle, encodings);
    else await receive(joined.plugindata.data.publishers[0].id);
    return Math.round(performance.now() - openedAt);
  },

  /** Janus gives streams ids of its own; there is only one. */
  localStream() {
    return ONLY_STREAM;
  },

  /** The best that this subscriber wants; Janus sends it whatever the line takes. */
  async choose(layer) {
    await event(subscription, { request: 'configure', streams: [{ mid: videoMid(), substream: layer }] }, 'event');
  },

  async received() {
    if (!receiver) return [];
    const entries = [...(await receiver.getStats()).values()];
    return entries
      .filter((entry) => entry.type === 'inbound-rtp' && remote)
      .map((entry) => ({ stream: ONLY_STREAM, ...figuresOf(entry) }));
  },

  sent() {
    return encodingsOf(sender);
  },

  captured() {
    return capturedFor(sender);
  },

  takeStall,

  async dump() {
    return { events };
  },
};

async function send(handle, encodings) {
  const local = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  sender = new RTCPeerConnection();
  sender.addTransceiver(local.getAudioTracks()[0], { direction: 'sendonly', streams: [local] });
  sender.addTransceiver(local.getVideoTracks()[0], {
    direction: 'sendonly',
    streams: [local],
    // The best one first, as Janus counts them from its end.
    sendEncodings: encodings,
  });
  await sender.setLocalDescription();
  const offer = await gathered(sender);
  const { jsep } = await event(handle, { request: 'configure', audio: true, video: true }, 'event', offer);
  await sender.setRemoteDescription(jsep);
  // Others hear of it when media flow.
  while (!(await isPublished(handle))) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function isPublished(handle) {
  const { plugindata } = await ask({
    janus: 'message',
    handle_id: handle,
    body: { request: 'listparticipants', room: ROOM },
  });
  return plugindata.data.participants.some(({ publisher }) => publisher);
}

async function receive(feed) {
  subscription = await attach();
  const wish = { request: 'join', ptype: 'subscriber', room: ROOM, streams: [{ feed }] };
  const { jsep } = await event(subscription, wish, 'attached');
  receiver = new RTCPeerConnection();
  receiver.ontrack = ({ streams: [stream] }) => show(stream);
  await receiver.setRemoteDescription(jsep);
  await receiver.setLocalDescription();
  await event(subscription, { request: 'start' }, 'event', await gathered(receiver));
}

function show(stream) {
  if (remote) return;
  remote = document.createElement('video');
  remote.autoplay = true;
  remote.muted = true;
  remote.srcObject = stream;
  document.body.append(remote);
}

function videoMid() {
  return receiver.getTransceivers().find(({ receiver: { track } }) => track.kind === 'video').mid;
}

async function attach() {
  return (await ask({ janus: 'attach', plugin: 'janus.plugin.videoroom' })).data.id;
}

/** Candidates and all. */
async function gathered(connection) {
  await new Promise((resolve) => {
    const look = () => connection.iceGatheringState === 'complete' && resolve();
    connection.onicegatheringstatechange = look;
    look();
  });
  const { type, sdp } = connection.localDescription;
  return { type, sdp };
}

/** What is answered at once. */
function ask(message) {
  const transaction = crypto.randomUUID();
  const answer = new Promise((resolve) => waiting.set(transaction, { resolve, isAnswer: () => true }));
  socket.send(JSON.stringify({ transaction, ...(session && { session_id: session }), ...message }));
  return answer;
}

/** What the plugin answers, behind an "ack". */
function event(handle, body, name, jsep) {
  const transaction = crypto.randomUUID();
  const isAnswer = ({ janus }) => janus !== 'ack';
  const answer = new Promise((resolve) => waiting.set(transaction, { resolve, isAnswer }));
  const message = { janus: 'message', session_id: session, handle_id: handle, transaction, body };
  socket.send(JSON.stringify(jsep ? { ...message, jsep } : message));
  return answer.then((said) => {
    if (said.plugindata?.data.videoroom !== name) throw new Error(JSON.stringify(said));
    return said;
  });
}

function hear(message) {
  events.push(message);
  const asked = waiting.get(message.transaction);
  if (!asked?.isAnswer(message)) return;
  waiting.delete(message.transaction);
  asked.resolve(message);
}

document.title = 'ready';
