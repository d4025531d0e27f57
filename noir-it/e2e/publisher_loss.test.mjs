// A publisher behind a line that loses packets repeats them, on a stream of its own (RFC 4588) when it has offered one.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isLineKnown } from './lib/line.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const LOST = 0.05;
const MISSING = 0.01;
// With temporal layers, as Chromium's simulcast has them, a browser leaves out pictures that come too late for it: mostly a twentieth,
// a fifth at times. Without repairs it would hardly show any.
const MISSING_WITH_LAYERS = 0.3;
const WATCHED_MS = 10_000;
const ALL_THERE_MS = 3000;
const UP_MS = 25_000;

const needsRoot = { timeout: 120_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

let line;
let server;

after(async () => {
  await server?.stop();
  await line?.close();
});

test(`a publisher of whom ${LOST * 100} % get lost`, needsRoot, async (t) => {
  line = await ThinLine.open();
  server = await newServer({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` }).then((made) => made.start());
  line.loseOfClient(LOST);
  for (const simulcast of [false, true]) {
    await t.test(simulcast ? 'three encodings' : 'one encoding', async () => {
      await withParticipants(async (open) => {
        const publisher = await open('publisher', { line, camera: installNoisyCamera });
        await watchRepairs(publisher, await open('viewer'), simulcast);
      });
    });
  }
});

async function watchRepairs(publisher, viewer, simulcast) {
  const room = `lossy ${simulcast}`;
  await viewer.join(server, room, { publish: false });
  const url = server.signalling.replace('localhost', line.serverAddress);
  await publisher.join(server, room, { resolution: 'shd', retransmits: true, simulcast, url });
  await viewer.awaitMediaOf(publisher);
  const stream = await publisher.do('localStream');
  const look = async () => {
    const [video, sent] = await Promise.all([viewer.received(stream, 'video'), publisher.do('sent')]);
    const best = sent.at(-1);
    const flowing = sent.length === (simulcast ? 3 : 1) && sent.every((encoding) => encoding.flowing);
    return { decoded: video.framesDecoded, settled: flowing && video.frameWidth === best.width, sent: best };
  };
  await until('the best of all encodings', UP_MS, async () => (await look()).settled && (await isLineKnown(viewer)));
  const before = await look();
  const startedAt = performance.now();
  await until('a while has passed', 2 * WATCHED_MS, () => performance.now() - startedAt > WATCHED_MS);
  await publisher.page.evaluate(() => window.stopCamera());
  let pictures = 0;
  let decoded = 0;
  // When a packet of the last one is lost, nothing tells that it is missing.
  await until('all pictures but few', ALL_THERE_MS, async () => {
    const now = await look();
    [pictures, decoded] = [now.sent.frames - before.sent.frames, now.decoded - before.decoded];
    return decoded >= pictures * (1 - (simulcast ? MISSING_WITH_LAYERS : MISSING)) - 1;
  }).finally(() => report(`${decoded} pictures of ${pictures}`));
  const { encodings } = (await publisher.do('explain')).peers[0].publisher.tracks.find(({ kind }) => kind === 'video');
  assert.equal(encodings.length, simulcast ? 3 : 1);
  for (const { rid, lost, nacked, repaired } of encodings) {
    report(`${rid} ${lost} packets lost, ${nacked} asked for, ${repaired} came as RTX`);
    assert.ok(repaired > 0, 'nothing came as RTX');
    assert.ok(repaired >= lost * 0.9 - 2, `${repaired} repairs of ${lost} lost packets`);
  }
}
