// A page without ion-sdk-js stops the section whose transport all others share: its browser ends DTLS, and begins anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const DEADLINE_MS = 15_000;

for (const browser of ['chromium', 'firefox']) {
  test(`${browser} stops its first section, and is connected anew`, { timeout: 60_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const room = `stopped ${browser}`;
      const [watcher, publisher] = [await open('watcher'), await open('publisher', { browser })];
      await watcher.join(server, room, { publish: false });
      await publisher.page.evaluate(publish, [server.signalling, room]);
      const videos = async () => (await watcher.do('received')).filter(({ kind }) => kind === 'video');
      await until('the watcher sees it', DEADLINE_MS, async () => (await videos()).at(-1)?.framesDecoded > 10);
      const before = await publisher.page.evaluate(association);

      await publisher.page.evaluate(stopFirst);
      const { elapsedMs } = await until('another DTLS association', DEADLINE_MS, async () => {
        const now = await publisher.page.evaluate(association);
        return now.id !== before.id && now.state === 'connected';
      });
      report(`${browser}: connected anew after ${elapsedMs} ms`);
      // Firefox 153 encodes on, but puts nothing on the wire.
      if (browser === 'chromium') {
        await until('the watcher sees it again', DEADLINE_MS, async () => (await videos()).at(-1)?.framesDecoded > 20);
      }
      assert.deepEqual(await publisher.page.evaluate(() => window.raw.closed), []);
    });
  });
}

/** Runs in the page: microphone first, then camera, and no data channel. */
async function publish([url, room]) {
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  const pc = new RTCPeerConnection();
  const raw = { pc, closed: [], replies: new Map(), nextId: 1 };
  window.raw = raw;
  raw.first = pc.addTransceiver(media.getAudioTracks()[0], { direction: 'sendonly', streams: [media] });
  pc.addTransceiver(media.getVideoTracks()[0], { direction: 'sendonly', streams: [media] });
  raw.socket = new WebSocket(url);
  raw.socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.method === 'closed') raw.closed.push(message.params);
    raw.replies.get(message.id)?.(message);
  };
  raw.offer = async (method, wrap) => {
    await pc.setLocalDescription(await pc.createOffer());
    const id = raw.nextId++;
    const reply = new Promise((resolve) => raw.replies.set(id, resolve));
    const { type, sdp } = pc.localDescription;
    raw.socket.send(JSON.stringify({ method, params: wrap({ type, sdp }), id }));
    const { result, error } = await reply;
    if (error) throw new Error(error.message);
    await pc.setRemoteDescription(result);
  };
  await new Promise((resolve) => (raw.socket.onopen = resolve));
  await raw.offer('join', (offer) => ({ sid: room, uid: 'raw', offer, config: { NoSubscribe: true } }));
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(pc.connectionState)), 10_000);
    pc.onconnectionstatechange = () => pc.connectionState === 'connected' && resolve();
    pc.onconnectionstatechange();
  });
}

/** Runs in the page. */
async function stopFirst() {
  window.raw.first.stop();
  await window.raw.offer('offer', (desc) => ({ desc }));
}

/** Runs in the page. @returns {Promise<{ id: string, state: string }>} the transport of the camera */
async function association() {
  const stats = [...(await window.raw.pc.getStats()).values()];
  const sending = stats.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
  const transport = stats.find(({ id }) => id === sending?.transportId);
  return { id: transport?.id ?? '', state: transport?.dtlsState ?? 'none' };
}
