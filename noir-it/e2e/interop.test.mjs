// Clients that are no browsers, on WebRTC stacks of their own: each publishes to Chromium and watches it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForeignPeer } from './lib/foreign_peer.mjs';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const DEADLINE_MS = 20_000;
const FRAMES = 20;

for (const stack of (process.env.E2E_STACKS ?? 'aiortc,gstreamer,werift,pion').split(',')) {
  test(`${stack} and Chromium see and hear each other`, { timeout: 90_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const room = `interop ${stack}`;
      const chromium = await open('chromium');
      await chromium.join(server, room);
      const peer = new ForeignPeer(stack, server, room);
      try {
        await awaitPeerAt(chromium, peer);
        await peer.awaitMedia(FRAMES);
        assert.deepEqual(peer.errors, []);
      } catch (error) {
        peer.explain();
        throw error;
      } finally {
        await peer.stop();
      }
    });
  });
}

/** Chromium decodes its pictures, and gets its sound. */
async function awaitPeerAt(chromium, peer) {
  let last = [];
  const received = (kind) => last.find((entry) => entry.kind === kind);
  const { elapsedMs } = await until(`Chromium sees and hears ${peer.name}`, DEADLINE_MS, async () => {
    peer.checkAlive();
    last = await chromium.do('received');
    return received('video')?.framesDecoded >= FRAMES && received('audio')?.packetsReceived >= FRAMES;
  }).catch((error) => {
    throw new Error(`${error.message}, but this: ${JSON.stringify(last)}`);
  });
  report(`Chromium sees and hears ${peer.name} after ${elapsedMs} ms: ${received('video').framesDecoded} frames`);
}
