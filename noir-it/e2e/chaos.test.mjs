// Processes of a cluster die, hang and come back while people talk. Each test prints how long it took; what is asserted is
// that it happens at all.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Balancer } from './lib/balancer.mjs';
import { ADMIN_TOKEN, Cluster } from './lib/cluster.mjs';
import { withSmallPictures } from './lib/gallery_page.mjs';
import { size } from './lib/long.mjs';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { awaitPictureBack } from './lib/picture.mjs';
import { channelOffer, RawClient } from './lib/raw_client.mjs';
import { report, until } from './lib/wait.mjs';

// Generous: a machine that is busy with something else takes most of a minute to start a node.
const TIMEOUT_MS = 240_000;
// Aim: 8 s (docs/cluster.md).
const TAKE_OVER_DEADLINE_MS = 40_000;
// How long rooms may go on at a node that drains before they are given away.
const DRAIN_TIMEOUT = '1';
const STOPPED_MS = 10_000;
const REDIS_PAUSE_MS = size({ short: 6000, long: 60_000 });
// Lost, moved: the page is to join again (docs/protocol.md §8).
const REJOIN = [4003, 4004];
const GOING_AWAY = 1001;
const UNAVAILABLE = 503;

/** @type {Cluster} */
let cluster;

describe('chaos', () => {
  before(async () => {
    const settings = { 'noir.drain.timeout': DRAIN_TIMEOUT };
    cluster = await Cluster.start([settings, settings, settings]);
  });
  // What the test before has killed, also when it failed.
  beforeEach(() => cluster.restore());
  after(() => cluster?.stop());

  test('kill -9 of the node that hosts the room', { timeout: TIMEOUT_MS }, async () => {
    await withCall('host dies', {}, async ({ a, b, owner }) => {
      const killedMs = performance.now();
      await owner.stop('SIGKILL');
      await awaitTakeOver('host dies', owner, killedMs);
      await awaitBothBack(a, b, killedMs);
      await awaitNothingPointsAt(owner.id, killedMs);
      await assertFlows([[a, b], [b, a]], 3000);
      await assertMeasured(a, b);
      await cluster.restore();
      await assertFlows([[a, b], [b, a]], 2000);
    });
  });

  test('kill -9 of a node where a client is attached', { timeout: TIMEOUT_MS }, async () => {
    await withCall('signal dies', {}, async ({ a, b, atB }) => {
      const stream = await b.do('localStream');
      const killedMs = performance.now();
      await atB.stop('SIGKILL');
      await a.awaitGone(stream, 'B', 15_000);
      report(`B was gone ${Math.round(performance.now() - killedMs)} ms after its node died (aim: 5000 ms)`);
      assert.equal(sum(await cluster.each('noir_peers')), 1);
    });
  });

  test('pages whose node is killed come back by another node, and so does the room', { timeout: TIMEOUT_MS }, async () => {
    const { owner: dying, keeper } = await cluster.openRoom('pages');
    const [other] = cluster.others(dying);
    const balancer = await Balancer.start([dying, other]);
    try {
      await withSmallPictures(async (open) => {
        const [anna, ben] = [await open('Anna'), await open('Ben')];
        await anna.openGallery(balancer, 'pages');
        await ben.openGallery(other, 'pages');
        await Promise.all([anna.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);
        await keeper.close();
        const killedMs = performance.now();
        await dying.stop('SIGKILL');
        await anna.awaitNotice('Trying again', 10_000);
        await Promise.all([anna.awaitPictureOf('Ben', 30_000), ben.awaitPictureOf('Anna', 30_000)]);
        report(`Anna was back by another node, and Ben's pictures with her, after ${since(killedMs)} ms`);
        const tiles = ben.page.getByRole('article');
        await until('Ben has no tile of the Anna of before', 15_000, async () => (await tiles.count()) === 2);
        assert.equal(await anna.page.locator('#notice').isVisible(), false);
      });
    } finally {
      await balancer.stop();
    }
    await cluster.awaitNoRooms();
  });

  test('kill -9 of Redis, which comes back empty', { timeout: TIMEOUT_MS }, async () => {
    await withCall('redis dies', {}, async ({ a, b, owner, atA }) => {
      await cluster.redis.kill();
      await assertFlows([[a, b], [b, a]], 4000);
      await assertFailsFast(atA, 'redis dies');
      await assertFailsFast(atA, 'a new room');
      await assertLocalJoin(owner, 'redis dies');
      await assertHealth();
      await cluster.redis.start();
      await awaitRecovery(atA, 'redis dies');
      await assertFlows([[a, b], [b, a]], 3000);
      assert.equal(await cluster.awaitOneOwner('redis dies'), owner);
    });
  });

  test(`Redis hangs for ${REDIS_PAUSE_MS / 1000} s`, { timeout: TIMEOUT_MS + REDIS_PAUSE_MS }, async () => {
    await withCall('redis hangs', {}, async ({ a, b, owner, atA }) => {
      cluster.redis.signal('SIGSTOP');
      try {
        await assertFlows([[a, b], [b, a]], REDIS_PAUSE_MS);
        await assertLocalJoin(owner, 'redis hangs');
      } finally {
        cluster.redis.signal('SIGCONT');
      }
      await awaitRecovery(atA, 'redis hangs');
      await assertFlows([[a, b], [b, a]], 3000);
      assert.equal(await cluster.awaitOneOwner('redis hangs'), owner);
    });
  });

  test('the node that hosts the room hangs for 10 s', { timeout: TIMEOUT_MS }, async () => {
    await withCall('host hangs', {}, async ({ a, b, owner }) => {
      const attached = await RawClient.open(owner.signalling, { answering: true });
      assert.ok((await attached.call('join', { sid: 'host hangs', offer: channelOffer() })).result);
      const stoppedMs = performance.now();
      owner.signal('SIGSTOP');
      try {
        await awaitTakeOver('host hangs', owner, stoppedMs);
        await awaitBothBack(a, b, stoppedMs);
        await pause(Math.max(0, STOPPED_MS - (performance.now() - stoppedMs)));
      } finally {
        owner.signal('SIGCONT');
      }
      const continuedMs = performance.now();
      const { code } = await attached.closed;
      report(`its own client was told to rejoin ${since(continuedMs)} ms after it went on`);
      assert.ok(REJOIN.includes(code), `closed with ${code}`);
      assert.notEqual(await cluster.awaitOneOwner('host hangs'), owner);
      await assertFlows([[a, b], [b, a]], 3000);
    });
  });

  // Of three encodings, which a browser names in its first packets only.
  test('a node that is drained by POST gives its room away', { timeout: TIMEOUT_MS }, async () => {
    await withCall('drained', { simulcast: true, resolution: 'shd' }, async ({ a, b, owner }) => {
      const url = `${owner.pages}admin/drain`;
      assert.equal((await fetch(url, { method: 'POST' })).status, 401, 'not without the token');
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
      const drainedMs = performance.now();
      assert.equal((await fetch(url, { method: 'POST', headers })).status, 202);
      assert.equal((await fetch(`${owner.pages}health/ready`)).status, 503);
      await awaitTakeOver('drained', owner, drainedMs);
      await awaitBothBack(a, b, drainedMs);
      await until('it says so', 20_000, async () => (await (await fetch(url, { headers })).json()).state === 'DRAINED');
      assert.equal((await owner.metrics()).noir_rooms, 0);
      await assertFlows([[a, b], [b, a]], 3000);
      await owner.stop();
    });
  });

  test('a node that is stopped by SIGTERM gives its room away', { timeout: TIMEOUT_MS }, async () => {
    await withCall('stopped', {}, async ({ a, b, owner }) => {
      const attached = await RawClient.open(owner.signalling, { answering: true });
      assert.ok((await attached.call('join', { sid: 'stopped', offer: channelOffer() })).result);
      const stoppedMs = performance.now();
      const ended = owner.stop().then(() => since(stoppedMs));
      await awaitTakeOver('stopped', owner, stoppedMs);
      await awaitBothBack(a, b, stoppedMs);
      assert.equal((await attached.closed).code, GOING_AWAY);
      report(`the process ended ${await ended} ms after SIGTERM`);
      assert.equal(sum(await cluster.each('noir_peers')), 2);
    });
  });
});

/** A and B talk through a room that neither of their nodes hosts. */
async function withCall(room, options, action) {
  const { owner, keeper } = await cluster.openRoom(room);
  const [atA, atB] = cluster.others(owner);
  await withParticipants(async (open) => {
    const [a, b] = [await open('A'), await open('B')];
    await a.join(atA, room, options);
    await b.join(atB, room, options);
    await keeper.close();
    await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
    await assertFlows([[a, b], [b, a]], 2000);
    await action({ a, b, owner, atA, atB });
  });
  await cluster.awaitNoRooms();
}

async function awaitTakeOver(room, old, sinceMs) {
  const { value } = await until(`another node has ${room}`, TAKE_OVER_DEADLINE_MS, async () => {
    const owner = await cluster.ownerOf(room);
    return owner !== old && owner;
  });
  report(`${value.id} has the room after ${since(sinceMs)} ms (aim: 3000 ms)`);
}

async function awaitBothBack(a, b, sinceMs) {
  await Promise.all([
    awaitPictureBack(a, b, sinceMs, TAKE_OVER_DEADLINE_MS),
    awaitPictureBack(b, a, sinceMs, TAKE_OVER_DEADLINE_MS),
  ]);
}

/**
 * Their lines are measured as before. A browser goes on reporting when it got the numbers of the node that has died: those
 * times are of seconds ago, and would be a queue of as many if they were taken for ours.
 */
async function assertMeasured(...pages) {
  for (const page of pages) {
    const { peers } = await page.do('explain');
    const { bandwidth } = peers.find(({ uid }) => uid === page.name).subscriber;
    const seen = `${bandwidth.reports} reports, an estimate of ${bandwidth.estimate} bit/s, a queue of ${bandwidth.queueMs} ms`;
    report(`${page.name}'s line after the take-over: ${seen}`);
    assert.ok(bandwidth.reports > 0, `nothing is known of ${page.name}'s line`);
    assert.ok(bandwidth.queueMs < 1000, `${page.name}: ${seen}`);
  }
}

/** No lease, no list of nodes, and soon no inbox. */
async function awaitNothingPointsAt(id, sinceMs) {
  await until(`nothing in Redis points at ${id}`, 20_000, async () => {
    const keys = (await cluster.redis.command('KEYS', 'noir/*')).split('\n').filter(Boolean);
    const leases = keys.filter((key) => key.endsWith('/lease'));
    const owners = await Promise.all(leases.map((key) => cluster.redis.command('GET', key)));
    const nodes = await cluster.redis.command('HKEYS', 'noir/{nodes}/info');
    const lists = [nodes.split('\n'), owners.map((owner) => owner.split(' ')[1])].flat();
    return !lists.includes(id) && !keys.some((key) => key.startsWith(`noir/node/{${id}}/`));
  });
  report(`nothing in Redis points at ${id} after ${since(sinceMs)} ms (aim: 10000 ms)`);
}

/** Somebody who can't be let in is told so, and is not left waiting. */
async function assertFailsFast(node, room) {
  const client = await RawClient.open(node.signalling);
  const begin = performance.now();
  const { error } = await client.call('join', { sid: room, offer: channelOffer() });
  report(`without Redis a join of '${room}' fails after ${since(begin)} ms: ${error?.code} ${error?.message}`);
  assert.equal(error?.code, UNAVAILABLE);
  await client.close();
}

async function assertLocalJoin(owner, room) {
  const client = await RawClient.open(owner.signalling);
  const reply = await client.call('join', { sid: room, offer: channelOffer() });
  assert.ok(reply.result, `a room on the node itself can be joined without Redis: ${JSON.stringify(reply.error)}`);
  await client.close();
}

async function assertHealth() {
  for (const node of cluster.nodes) {
    assert.equal((await fetch(`${node.pages}health/live`)).status, 200);
    assert.equal((await fetch(`${node.pages}health/ready`)).status, 503);
  }
}

/** Joins of the room from elsewhere, and of new rooms, work again without anybody's help. */
async function awaitRecovery(node, room) {
  const begin = performance.now();
  for (const wanted of [room, `new after ${room}`]) {
    await until(`a join of ${wanted} at ${node.id}`, 20_000, async () => {
      const client = await RawClient.open(node.signalling);
      const reply = await client.call('join', { sid: wanted, offer: channelOffer() });
      await client.close();
      return reply.result;
    });
    report(`a join of '${wanted}' works ${since(begin)} ms after Redis is back`);
  }
}

function since(beginMs) {
  return Math.round(performance.now() - beginMs);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
