// The echo test: two clients in one page, one sends, the other receives.

import { randomToken } from './address.js';
import { receivedFigures, sentFigures, toReport } from './call_stats.js';
import { create, element, showNotice } from './dom.js';
import { Client, IonSFUJSONRPCSignal, LocalStream } from './lib/ion-sdk.js';
import { socketUrl, takeToken } from './session.js';

/** @typedef {import('./lib/ion-sdk.js').RemoteStream} RemoteStream */
/** @typedef {import('./call_stats.js').Report} Report */

await takeToken();
const localVideo = element('local', HTMLVideoElement);
const remoteVideo = element('remote', HTMLVideoElement);
const notice = element('notice', HTMLElement);
const startButton = element('start', HTMLButtonElement);
const stopButton = element('stop', HTMLButtonElement);
const codec = element('codec', HTMLSelectElement);
const resolution = element('resolution', HTMLSelectElement);

/** @type {{ sender: Client, receiver: Client, local: LocalStream, timer: ReturnType<typeof setInterval> } | null} */
let running = null;
/** @type {RemoteStream | null} */
let remote = null;
let startedAt = 0;
let wanted = { video: true, audio: true };

async function start() {
  startButton.disabled = true;
  showNotice(notice, 'Opening camera and microphone …');
  try {
    const local = await openLocal();
    showNotice(notice, 'Connecting …');
    startedAt = performance.now();
    const room = `echo-${randomToken(10)}`;
    const [sender, receiver] = await Promise.all([join(room, 'sender'), join(room, 'receiver')]);
    receiver.ontrack = (_track, stream) => receive(stream);
    sender.publish(local);
    running = { sender, receiver, local, timer: setInterval(() => void readStats(), 1000) };
    stopButton.disabled = false;
    showWanted();
  } catch (error) {
    startButton.disabled = false;
    showNotice(notice, inWords(error), { bad: true });
  }
}

/** @returns {Promise<LocalStream>} */
async function openLocal() {
  if (!navigator.mediaDevices) throw new Error('The browser allows the camera only over https or on localhost.');
  const local = await LocalStream.getUserMedia({
    codec: codec.value,
    resolution: /** @type {'hd'} */ (resolution.value),
    audio: true,
    video: true,
  });
  localVideo.srcObject = local;
  element('local-tile', HTMLElement).classList.remove('no-video');
  return local;
}

/**
 * @param {string} room
 * @param {string} peer
 * @returns {Promise<Client>}
 */
async function join(room, peer) {
  const signal = new IonSFUJSONRPCSignal(socketUrl());
  const client = new Client(signal, { codec: 'vp8', iceServers: [] });
  await new Promise((resolve, reject) => {
    signal.onopen = () => resolve(undefined);
    signal.onclose = () => reject(new Error('The server cannot be reached.'));
  });
  signal.onclose = (event) => handleClose(client, event);
  await client.join(room, peer);
  return client;
}

/**
 * @param {Client} client
 * @param {Event} event
 */
function handleClose(client, event) {
  if (!running || (client !== running.sender && client !== running.receiver)) return;
  const reason = event instanceof CloseEvent && event.reason ? ` It said: ${event.reason}.` : '';
  stop();
  showNotice(notice, `The connection to the server was lost.${reason}`, { bad: true });
}

/** @param {RemoteStream} stream */
function receive(stream) {
  if (remote === stream) return;
  remote = stream;
  remoteVideo.srcObject = stream;
  remoteVideo.addEventListener(
    'loadeddata',
    () => {
      element('remote-tile', HTMLElement).classList.remove('no-video');
      const elapsed = Math.round(performance.now() - startedAt);
      showNotice(notice, `First picture back after ${elapsed} ms, connecting included.`);
    },
    { once: true },
  );
}

function stop() {
  const ending = running;
  running = null;
  remote = null;
  if (ending) {
    clearInterval(ending.timer);
    ending.sender.close();
    ending.receiver.close();
    for (const track of ending.local.getTracks()) track.stop();
  }
  localVideo.srcObject = null;
  remoteVideo.srcObject = null;
  for (const id of ['local-tile', 'remote-tile']) element(id, HTMLElement).classList.add('no-video');
  wanted = { video: true, audio: true };
  showWanted();
  startButton.disabled = false;
  stopButton.disabled = true;
  showNotice(notice, '');
}

/**
 * Asks the server to stop or resume forwarding. One message carries both kinds, and the SDK's own mute('audio') would
 * blank the video too until a layer was chosen: so the wish is always complete.
 *
 * @param {'audio' | 'video'} kind
 */
function toggleReceive(kind) {
  if (!remote) return;
  wanted[kind] = !wanted[kind];
  showWanted();
  remote.audio = wanted.audio;
  remote.preferLayer(wanted.video ? 'high' : 'none');
}

function showWanted() {
  for (const kind of /** @type {const} */ (['video', 'audio'])) {
    const button = element(kind, HTMLButtonElement);
    button.disabled = !running;
    button.textContent = `${wanted[kind] ? 'Pause' : 'Resume'} ${kind}`;
  }
}

/** @type {{ sent: Report, received: Report }} */
let before = { sent: new Map(), received: new Map() };

async function readStats() {
  if (!running) return;
  const [sent, received] = await Promise.all([running.sender.getPubStats(), running.receiver.getSubStats()]);
  const now = { sent: toReport(sent), received: toReport(received) };
  showFigures('sent', sentFigures(now.sent, before.sent));
  showFigures('received', receivedFigures(now.received, before.received));
  before = now;
}

/**
 * @param {string} id
 * @param {[string, string][]} figures
 */
function showFigures(id, figures) {
  element(id, HTMLElement).replaceChildren(
    ...figures.map(([label, value]) => create('div', {}, create('dt', { text: label }), create('dd', { text: value }))),
  );
}

/** @param {unknown} error */
function inWords(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return 'Camera or microphone are blocked. Allow them in the browser’s address bar.';
  if (name === 'NotFoundError') return 'No camera or no microphone was found on this computer.';
  if (name === 'NotReadableError') return 'Camera or microphone are in use by another program.';
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  return message || 'The test could not be started.';
}

startButton.addEventListener('click', () => void start());
stopButton.addEventListener('click', stop);
for (const kind of /** @type {const} */ (['video', 'audio'])) {
  element(kind, HTMLButtonElement).addEventListener('click', () => toggleReceive(kind));
}
element('sound', HTMLInputElement).addEventListener('change', (event) => {
  remoteVideo.muted = !(event.target instanceof HTMLInputElement && event.target.checked);
});
showFigures('sent', sentFigures(new Map(), new Map()));
showFigures('received', receivedFigures(new Map(), new Map()));
