// The publish/subscribe test: one client per tab, as many tabs as wanted.

import { pageLink, queryParameter } from './address.js';
import { create, element, showNotice } from './dom.js';
import { Client, IonSFUJSONRPCSignal, LocalStream } from './lib/ion-sdk.js';
import { socketUrl, takeToken } from './session.js';

await takeToken();
const session = queryParameter('session', 'test session');
const codec = queryParameter('codec', 'vp8').toLowerCase();
const notice = element('notice', HTMLElement);
const log = element('log', HTMLElement);
const state = element('state', HTMLElement);
const openedAt = performance.now();

/** @type {LocalStream[]} */
let published = [];

const signal = new IonSFUJSONRPCSignal(socketUrl());
const client = new Client(signal, { codec: 'vp8', iceServers: [] });

/** @param {string} text */
function note(text) {
  log.append(create('li', { text: `${((performance.now() - openedAt) / 1000).toFixed(2)} s  ${text}` }));
  log.scrollTop = log.scrollHeight;
}

async function join() {
  try {
    await client.join(session, '');
    state.textContent = 'joined';
    note(`joined “${session}”`);
    element('publish-camera', HTMLButtonElement).disabled = false;
    element('publish-screen', HTMLButtonElement).disabled = !navigator.mediaDevices?.getDisplayMedia;
  } catch (error) {
    const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
    fail(`Joining failed: ${message || 'no reason was given'}.`);
  }
}

/** @param {() => Promise<LocalStream>} open */
async function publish(open) {
  try {
    const stream = await open();
    client.publish(stream);
    published.push(stream);
    show('own', stream, true);
    element('unpublish', HTMLButtonElement).disabled = false;
    note(`published ${describe(stream)}`);
  } catch (error) {
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    const denied = name === 'NotAllowedError';
    fail(denied ? 'The browser did not give the camera or the screen.' : 'No camera or screen could be opened.');
  }
}

function unpublish() {
  for (const stream of published) {
    stream.unpublish();
    for (const track of stream.getTracks()) track.stop();
    document.getElementById(`stream-${stream.id}`)?.remove();
    note(`unpublished ${stream.id}`);
  }
  published = [];
  element('unpublish', HTMLButtonElement).disabled = true;
  showEmptiness();
}

/**
 * @param {'own' | 'others'} place
 * @param {MediaStream} stream
 * @param {boolean} muted
 */
function show(place, stream, muted) {
  const video = create('video');
  video.autoplay = true;
  video.playsInline = true;
  video.muted = muted;
  video.srcObject = stream;
  const caption = create('div', { class: 'caption' }, create('span', { class: 'name', text: stream.id }));
  const tile = create('article', { class: 'tile screen' }, video, caption);
  tile.id = `stream-${stream.id}`;
  const first = () => note(`first picture of ${stream.id}, ${video.videoWidth}×${video.videoHeight}`);
  video.addEventListener('loadeddata', first, { once: true });
  // Without a click on this page a browser may refuse sound; the picture is what this test is about.
  video.play().catch(() => {
    video.muted = true;
    void video.play();
  });
  element(place, HTMLElement).append(tile);
  showEmptiness();
}

/** @param {MediaStream} stream */
function describe(stream) {
  return `${stream.id} (${stream.getTracks().map((track) => track.kind).join(', ')})`;
}

function showEmptiness() {
  for (const place of ['own', 'others']) {
    element(`${place}-empty`, HTMLElement).hidden = element(place, HTMLElement).childElementCount > 0;
  }
}

/** @param {string} text */
function fail(text) {
  showNotice(notice, text, { bad: true });
  note(text);
}

client.ontrack = (/** @type {MediaStreamTrack} */ track, /** @type {MediaStream} */ stream) => {
  note(`received ${track.kind} of ${stream.id}`);
  if (!document.getElementById(`stream-${stream.id}`)) show('others', stream, false);
  stream.onremovetrack = () => {
    if (stream.getTracks().length > 0) return;
    document.getElementById(`stream-${stream.id}`)?.remove();
    note(`${stream.id} is gone`);
    showEmptiness();
  };
};
signal.onopen = () => void join();
signal.onclose = (/** @type {Event} */ event) => {
  state.textContent = 'not connected';
  const reason = event instanceof CloseEvent && event.reason ? ` (${event.reason})` : '';
  fail(`The connection to the server is closed${reason}. Reload the page to join again.`);
};
element('session', HTMLElement).textContent = session;
element('codec', HTMLElement).textContent = codec.toUpperCase();
element('another', HTMLAnchorElement).href = pageLink('pubsub.html', { session, codec });
element('publish-camera', HTMLButtonElement).addEventListener('click', () =>
  publish(() => LocalStream.getUserMedia({ codec, resolution: 'vga', audio: true, video: true })),
);
element('publish-screen', HTMLButtonElement).addEventListener('click', () =>
  publish(() => LocalStream.getDisplayMedia({ codec, resolution: 'hd', audio: false, video: true })),
);
element('unpublish', HTMLButtonElement).addEventListener('click', unpublish);
window.addEventListener('pagehide', () => client.close());
