// After 200 joins and leaves nothing is left: no thread, file descriptor, room, peer or native object.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { publisherOffer, RawClient } from './lib/raw_client.mjs';
import { newServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const CYCLES = 200;
const WITH_MEDIA = 10;
const AT_ONCE = 4;
// What the warm-up has made (pools' threads, their files) is held before and after. Compiler threads and connections of
// the test's own come and go.
const SLACK = 3;
// How many threads a pool has depends on how many tasks met by chance; they end when idle for 10 s, noiR's and
// Tomcat's. A thread that is still there long after that is held by something.
const POOLS_EMPTY_MS = 75_000;

// 2 loops, each with sockets for IPv4 and IPv6, each with a batch of 64 buffers for what arrives next.
const BUFFERS_AT_HAND = 2 * 2 * 64;

const HELD = ['noir_rooms', 'noir_peers', 'noir_media_transports', 'noir_media_tracks', 'noir_media_down_tracks'];

test(`${CYCLES} joins and leaves leave nothing behind`, { timeout: 180_000 }, async () => {
  const server = await newServer();
  await server.start();
  try {
    await rawCycles(server, 40);
    await mediaCycles(server, 2);
    await awaitEmpty(server);
    const before = server.held();
    const startedAt = performance.now();
    await rawCycles(server, CYCLES - WITH_MEDIA);
    await mediaCycles(server, WITH_MEDIA);
    report(`${CYCLES} cycles took ${Math.round(performance.now() - startedAt)} ms`);
    await awaitEmpty(server);
    await until('threads and file descriptors as before', POOLS_EMPTY_MS, () => {
      const now = server.held();
      return now.threads.length <= before.threads.length + SLACK && now.files.length <= before.files.length + SLACK;
    }).catch((error) => {
      const now = server.held();
      const more = now.threads.filter((name) => !before.threads.includes(name));
      throw new Error(`${error.message}; ${counts(before)} → ${counts(now)}; new threads: ${more.join(', ')}`);
    });
    report(`held before ${counts(before)}, after ${counts(server.held())}`);
    const after = await server.metrics();
    assert.ok(after.noir_media_packet_buffers <= BUFFERS_AT_HAND, `${after.noir_media_packet_buffers} packet buffers`);
    assert.equal(after.noir_media_bugs_total, 0);
  } finally {
    await server.stop();
  }
});

/** Half of the clients say goodbye, the other half vanish; both with tracks published to each other. */
async function rawCycles(server, count) {
  for (let done = 0; done < count; done += AT_ONCE) {
    const clients = await Promise.all(Array.from({ length: AT_ONCE }, () => RawClient.open(server.signalling)));
    const replies = await Promise.all(
      clients.map((client, i) => client.call('join', { sid: `cycle ${done} ${i % 2}`, offer: publisherOffer() })),
    );
    for (const reply of replies) assert.ok(reply.result, JSON.stringify(reply.error));
    await Promise.all(clients.map((client, i) => (i % 2 ? client.close() : client.terminate())));
  }
}

/** With ICE, DTLS and media: each joins a room where somebody publishes, and leaves in one of three ways. */
async function mediaCycles(server, count) {
  await withParticipants(async (open) => {
    const [host, guest] = await Promise.all([open('cycle-host'), open('cycle-guest')]);
    await host.join(server, 'media cycles');
    for (let i = 0; i < count; i++) {
      await guest.join(server, 'media cycles');
      await guest.awaitMediaOf(host);
      await guest.do(i % 2 ? 'leave' : 'close');
      await guest.page.reload();
      await until('the call page', 5000, async () => (await guest.page.title()) === 'ready');
    }
  });
}

async function awaitEmpty(server) {
  let last = {};
  await until('rooms and media are empty', 15_000, async () => {
    last = await server.metrics();
    return HELD.every((name) => last[name] === 0);
  }).catch((error) => {
    throw new Error(`${error.message}: ${HELD.map((name) => `${name} ${last[name]}`).join(', ')}`);
  });
}

function counts(held) {
  return `${held.threads.length} threads, ${held.files.length} files`;
}
