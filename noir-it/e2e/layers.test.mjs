// A subscriber gets the layer that it asks for: of several encodings from Chromium and Firefox, and of one encoding that
// has layers.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isLineKnown } from './lib/line.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { takeStall, withParticipants } from './lib/participant.mjs';
import { newServer, sharedServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const SWITCH_MS = 2000;
// A layer of one encoding may have to wait until it has been measured again.
const LAYER_SWITCH_MS = 4000;
// A machine that is busy with something else: then it is tried again, and this only ends the wait.
const LONG_MS = 15_000;
const ATTEMPTS = 3;
const ALL_THERE_MS = 30_000;
// Of the SDK's "shd".
const CAMERA_WIDTH = 960;
const WATCHED_MS = 1500;

const widthAt = async (viewer, stream) => (await viewer.received(stream, 'video'))?.frameWidth;

/**
 * Asks for `layer` of a stream until pictures of this width have come soon enough, three times at most: an encoder that has
 * no processor for a moment makes its key frame later.
 */
async function assertSwitches(viewer, publisher, layer, width, limitMs = SWITCH_MS) {
  const stream = await publisher.do('localStream');
  for (let attempt = 1; ; attempt++) {
    await takeStall([viewer, publisher]);
    const before = await widthAt(viewer, stream);
    await viewer.do('preferLayer', { stream, layer });
    const { elapsedMs } = await until(`${width} pixels`, LONG_MS, async () => (await widthAt(viewer, stream)) === width);
    const stallMs = await takeStall([viewer, publisher]);
    report(`${publisher.name} ${layer}: ${before} to ${width} pixels after ${elapsedMs} ms (a page stood still for ${stallMs})`);
    if (elapsedMs <= limitMs) return;
    assert.ok(attempt < ATTEMPTS, `${elapsedMs} ms for ${layer}`);
    const other = layer === 'low' ? 'high' : 'low';
    await viewer.do('preferLayer', { stream, layer: other });
    await until('another layer', LONG_MS, async () => (await widthAt(viewer, stream)) !== width);
    await until('the line is known', LONG_MS, () => isLineKnown(viewer));
  }
}

/** @returns the widths of all encodings once all of them flow, the largest as wide as the camera's pictures */
async function widthsOf(publisher, encodings) {
  let sent = [];
  const { elapsedMs } = await until(`${encodings} encodings of ${publisher.name}`, ALL_THERE_MS, async () => {
    sent = await publisher.do('sent');
    return sent.length === encodings && sent.every(({ flowing }) => flowing) && sent.at(-1).width === CAMERA_WIDTH;
  });
  report(`${publisher.name} sends ${sent.map(({ rid, width }) => `${rid} ${width}`).join(', ')} after ${elapsedMs} ms`);
  return sent.map(({ width }) => width);
}

test('three encodings, each by its name', { timeout: 150_000 }, async (t) => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'encodings', { publish: false });
    for (const browser of ['chromium', 'firefox']) {
      await t.test(`of ${browser}`, async () => {
        const publisher = await open(browser, { browser });
        await publisher.join(server, 'encodings', { simulcast: true, resolution: 'shd' });
        await viewer.awaitMediaOf(publisher);
        const [low, medium, high] = await widthsOf(publisher, 3);
        assert.ok(low < medium && medium < high);
        await until('the line is known', ALL_THERE_MS, () => isLineKnown(viewer));
        for (const [layer, width] of Object.entries({ low, medium, high })) {
          await assertSwitches(viewer, publisher, layer, width);
        }
        await publisher.do('unpublish');
      });
    }
  });
});

/** @returns pictures of a stream a second, over a while */
async function rateOf(viewer, stream) {
  const decoded = async () => (await viewer.received(stream, 'video')).framesDecoded;
  const [before, startedAt] = [await decoded(), performance.now()];
  await until('a while has passed', 2 * WATCHED_MS, () => performance.now() - startedAt > WATCHED_MS);
  return ((await decoded()) - before) / ((performance.now() - startedAt) / 1000);
}

for (const { codec, mode } of [{ codec: 'vp9', mode: 'L3T3_KEY' }, { codec: 'av1', mode: 'L3T3_KEY' }]) {
  test(`layers of ${codec} in one encoding, ${mode}`, { timeout: 90_000 }, async (t) => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const [publisher, viewer] = await Promise.all([open(codec, { camera: installNoisyCamera }), open('viewer')]);
      await viewer.join(server, `layers ${codec}`, { publish: false });
      const encodings = [{ scalabilityMode: mode, maxBitrate: 1_500_000 }];
      await publisher.join(server, `layers ${codec}`, { codec, resolution: 'shd', encodings });
      await viewer.awaitMediaOf(publisher);
      const stream = await publisher.do('localStream');
      const [high] = await widthsOf(publisher, 1);
      await until('the best layer', ALL_THERE_MS, async () => (await widthAt(viewer, stream)) === high);
      assert.equal((await publisher.do('sent'))[0].mode, mode);

      await t.test('spatial', async () => {
        await assertSwitches(viewer, publisher, 'low', high / 4, LAYER_SWITCH_MS);
        await assertSwitches(viewer, publisher, 'medium', high / 2, LAYER_SWITCH_MS);
        await assertSwitches(viewer, publisher, 'high', high, LAYER_SWITCH_MS);
      });

      await t.test('temporal', async () => {
        for (const [layer, least, most] of [['low', 2, 11], ['medium', 9, 20], ['high', 20, 40]]) {
          await viewer.do('preferFramerate', { stream, layer });
          let rate = 0;
          await until(`${least} to ${most} pictures a second`, LONG_MS, async () => {
            rate = await rateOf(viewer, stream);
            return rate >= least && rate <= most;
          });
          report(`${codec} ${layer}: ${rate.toFixed(1)} pictures a second`);
        }
      });
    });
  });
}

// Less than all layers take, more than half of them do.
const CAP_KBPS = 600;
const LAYERED = [{ scalabilityMode: 'L3T3_KEY', maxBitrate: 1_500_000 }];
const LESS_SOON_MS = 10_000;
const MIN_FPS = 10;
// A browser asks for a key frame when nothing could be decoded for 3 s.
const FLOWS_AGAIN_MS = 8000;

let line;
let server;

after(async () => {
  await server?.stop();
  await line?.close();
});

const needsRoot = { timeout: 120_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

/** Behind a line of its own, which is as thick as can be. */
async function setUpLine() {
  if (!line?.isOpen) line = await ThinLine.open();
  if (server?.isRunning) return;
  server = await newServer({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` });
  await server.start();
}

for (const codec of ['vp9', 'av1']) {
  test(`fewer layers of ${codec} behind a thin line`, needsRoot, async () => {
    await setUpLine();
    const room = `thin ${codec}`;
    await withParticipants(async (open) => {
      const [publisher, viewer] = [await open(codec, { camera: installNoisyCamera }), await open('viewer', { line })];
      const url = server.signalling.replace('localhost', line.serverAddress);
      await viewer.join(server, room, { publish: false, url });
      await publisher.join(server, room, { codec, resolution: 'shd', encodings: LAYERED });
      await viewer.awaitMediaOf(publisher);
      const stream = await publisher.do('localStream');
      const [high] = await widthsOf(publisher, 1);
      const best = async () => (await widthAt(viewer, stream)) === high;
      await until('the best layer', ALL_THERE_MS, async () => (await best()) && (await isLineKnown(viewer)));
      line.cap(CAP_KBPS);
      try {
        const less = await until('a smaller layer', LESS_SOON_MS, async () => (await widthAt(viewer, stream)) < high);
        report(`${await widthAt(viewer, stream)} pixels ${less.elapsedMs} ms after the cap`);
        let rate = 0;
        // What was lost in the moment of the fall may hold the decoder up once (docs/media.md), but no longer than that.
        const flowing = await until(`${MIN_FPS} pictures a second behind the line`, FLOWS_AGAIN_MS, async () => {
          rate = await rateOf(viewer, stream);
          return rate >= MIN_FPS;
        });
        report(`${rate.toFixed(1)} pictures a second, ${flowing.elapsedMs} ms after the smaller one`);
      } finally {
        line.uncap();
      }
      const all = await until('the best layer again', ALL_THERE_MS, best);
      report(`${high} pixels ${all.elapsedMs} ms after its end`);
    });
  });
}
