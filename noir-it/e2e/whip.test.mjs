// WHIP (RFC 9725): what comes by HTTP is a participant like any other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';
import { WhipPublisher } from './lib/whip_publisher.mjs';

const GONE_MS = 10_000;
const FLOWS_MS = 2000;
const JOINS_MS = 20_000;
const SEEN_MS = 10_000;
const FRAMES = 20;

const whipPage = { page: 'whip.html' };

test('a page publishes by WHIP, and an ion page sees and hears it', { timeout: 120_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [studio, viewer] = await Promise.all([open('studio', whipPage), open('viewer')]);
    await viewer.join(server, 'whip', { publish: false });
    const { status, length } = await studio.do('publish', { url: `${server.pages}whip/whip?name=studio` });
    assert.equal(status, 201);
    report(`the answer has ${length} characters`);
    await viewer.awaitMediaOf(studio);
    assert.equal(await studio.do('trickle'), 204);
    assert.equal(await studio.do('restart'), 200, 'ICE begins anew');
    await assertFlows([[studio, viewer]], FLOWS_MS);
    assert.equal(await studio.do('trickle'), 204, 'under the new ETag');
    const stream = await studio.do('localStream');
    assert.equal(await studio.do('leave'), 200);
    await viewer.awaitGone(stream, 'studio', GONE_MS);
    assert.equal(await studio.do('trickle'), 404);
  });
});

test('a publisher that has gone without a word leaves nothing behind', { timeout: 120_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [studio, viewer] = await Promise.all([open('studio', whipPage), open('viewer')]);
    await viewer.join(server, 'whip gone', { publish: false });
    await studio.do('publish', { url: `${server.pages}whip/whip%20gone` });
    await viewer.awaitMediaOf(studio);
    const stream = await studio.do('localStream');
    await studio.do('close');
    await viewer.awaitGone(stream, 'studio', GONE_MS);
    await until('nothing at its address', GONE_MS, async () => (await studio.do('trickle')) === 404);
  });
});

for (const name of ['ffmpeg', 'gstreamer']) {
  test(`${name} publishes by WHIP, and Chromium sees and hears it`, { timeout: 180_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const viewer = await open('viewer');
      await viewer.join(server, `whip ${name}`, { publish: false });
      const publisher = new WhipPublisher(name, `${server.pages}whip/${encodeURIComponent(`whip ${name}`)}?name=${name}`);
      try {
        let streams = [];
        await until(`${name} has joined`, JOINS_MS, async () => {
          publisher.checkAlive();
          streams = await viewer.do('streams');
          return streams.length > 0;
        });
        const { elapsedMs } = await until(`Chromium sees and hears ${name}`, SEEN_MS, async () => {
          const received = await viewer.do('received');
          const of = (kind) => received.find((entry) => entry.kind === kind);
          return of('video')?.framesDecoded > 0 && of('audio')?.totalSamplesReceived > 0;
        });
        report(`${name} is seen and heard ${elapsedMs} ms after it was there`);
        const before = (await viewer.do('received')).find(({ kind }) => kind === 'video').framesDecoded;
        await until('more pictures', SEEN_MS, async () => {
          return (await viewer.do('received')).find(({ kind }) => kind === 'video').framesDecoded > before + FRAMES;
        });
        assert.equal(await publisher.stop(), 0);
        await viewer.awaitGone(streams[0], name, GONE_MS);
      } catch (error) {
        publisher.explain();
        throw error;
      } finally {
        await publisher.stop();
      }
    });
  });
}
