// A publisher behind a line that loses packets repeats them, on a stream of its own (RFC 4588) when it has offered one.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const LOST = 0.05;
const MISSING = 0.01;
const WATCHED_MS = 8000;
const ALL_THERE_MS = 3000;

const needsRoot = { timeout: 90_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

let line;
let server;

after(async () => {
  await server?.stop();
  await line?.close();
});

test(`a publisher of whom ${LOST * 100} % get lost`, needsRoot, async () => {
  line = await ThinLine.open();
  server = await newServer({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` }).then((made) => made.start());
  await withParticipants(async (open) => {
    const [publisher, viewer] = [await open('publisher', { line, camera: installNoisyCamera }), await open('viewer')];
    await viewer.join(server, 'lossy', { publish: false });
    const url = server.signalling.replace('localhost', line.serverAddress);
    await publisher.join(server, 'lossy', { resolution: 'shd', retransmits: true, url });
    await viewer.awaitMediaOf(publisher);
    const stream = await publisher.do('localStream');
    line.loseOfClient(LOST);
    const decoded = async () => (await viewer.received(stream, 'video')).framesDecoded;
    const [before, [sentBefore]] = [await decoded(), await publisher.do('sent')];
    const startedAt = performance.now();
    await until('a while has passed', 2 * WATCHED_MS, () => performance.now() - startedAt > WATCHED_MS);
    await publisher.do('pauseVideo');
    const [sent] = await publisher.do('sent');
    const pictures = sent.frames - sentBefore.frames;
    await until(`${pictures * (1 - MISSING)} pictures of ${pictures}`, ALL_THERE_MS, async () => {
      return (await decoded()) - before >= pictures * (1 - MISSING);
    });
    const { encodings } = (await publisher.do('explain')).peers[0].publisher.tracks.find(({ kind }) => kind === 'video');
    const [{ lost, nacked, repaired }] = encodings;
    report(`${(await decoded()) - before} pictures of ${pictures}; ${lost} packets lost, ${nacked} asked for, `
      + `${sent.repeats} repeated, ${repaired} came as RTX`);
    assert.ok(sent.repeats > 0, 'nothing was repeated');
    assert.ok(repaired > 0, 'nothing came as RTX');
    assert.ok(repaired >= lost * 0.9, `${repaired} repairs of ${lost} lost packets`);
  });
});
