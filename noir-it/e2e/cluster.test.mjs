// Three nodes are one: calls across them, one owner per room, what a forwarded join costs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Cluster } from './lib/cluster.mjs';
import { awaitJoins, measureJoins } from './lib/join_load.mjs';
import { size } from './lib/long.mjs';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { publisherOffer, RawClient } from './lib/raw_client.mjs';
import { report, until } from './lib/wait.mjs';

const FIRST_JOIN_ROUNDS = size({ short: 10, long: 100 });
const FIRST_JOINS = 100;
const CLIENTS = size({ short: 300, long: 1000 });

describe('a cluster of three', () => {
  /** @type {Cluster} */
  let cluster;
  before(async () => {
    // The first two only take clients.
    cluster = await Cluster.start([
      { 'noir.cluster.services': 'signal' },
      { 'noir.cluster.services': 'signal' },
      { 'noir.cluster.services': 'signal,sfu' },
    ]);
  });
  after(() => cluster?.stop());

  test('A at node 1, B at node 2, the room on node 3', { timeout: 240_000 }, async () => {
    const [first, second, third] = cluster.nodes;
    await withParticipants(async (open) => {
      const [a, b, c] = [await open('A'), await open('B'), await open('C')];
      await a.join(first, 'across');
      await b.join(second, 'across');
      await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
      await assertFlows([[a, b], [b, a]], 5000);
      await c.join(third, 'across');
      await Promise.all([c.awaitMediaOf(a), c.awaitMediaOf(b), a.awaitMediaOf(c), b.awaitMediaOf(c)]);
      assert.deepEqual(await cluster.each('noir_rooms'), [0, 0, 1]);
      assert.deepEqual(await cluster.each('noir_peers'), [0, 0, 3]);

      const stream = await b.do('localStream');
      await b.close();
      await Promise.all([a, c].map((other) => other.awaitGone(stream, 'B', 5000)));
    });
    await cluster.awaitNoRooms();
    await until('the lease is gone', 5000, async () => (await cluster.ownerOf('across')) === undefined);
  });

  test('a room of which nobody is left leaves nothing in Redis', { timeout: 30_000 }, async () => {
    const { keeper } = await cluster.openRoom('fleeting');
    await keeper.terminate();
    await cluster.awaitNoRooms();
    const left = (await cluster.redis.command('KEYS', '*fleeting*')).split('\n').filter(Boolean);
    for (const key of left) {
      const ttl = Number(await cluster.redis.command('PTTL', key));
      assert.ok(ttl > 0 || ttl === -2, `${key} has a TTL: ${ttl}`);
    }
  });
});

describe('three hosts', () => {
  /** @type {Cluster} */
  let cluster;
  before(async () => {
    cluster = await Cluster.start([{}, {}, {}]);
  });
  after(() => cluster?.stop());

  const name = `${FIRST_JOINS} first joins of the same room at once, ${FIRST_JOIN_ROUNDS} times: one owner`;
  test(name, { timeout: FIRST_JOIN_ROUNDS * 20_000 }, async () => {
    const owners = [];
    const times = [];
    for (let round = 1; round <= FIRST_JOIN_ROUNDS; round++) {
      const room = `first ${round}`;
      const clients = await Promise.all(
        Array.from({ length: FIRST_JOINS }, (_, i) => RawClient.open(cluster.nodes[i % 3].signalling)),
      );
      times.push(...(await awaitJoins(clients, room)));
      const [owner] = await cluster.ownersOf([room]);
      const rooms = await cluster.each('noir_rooms');
      const peers = await cluster.each('noir_peers');
      const expected = (count) => cluster.nodes.map((node) => (node === owner ? count : 0));
      assert.deepEqual(rooms, expected(1), `round ${round}: the rooms of each node`);
      assert.deepEqual(peers, expected(FIRST_JOINS), `round ${round}: the peers of each node`);
      owners.push(owner.id);
      await Promise.all(clients.map((client) => client.close()));
      await cluster.awaitNoRooms();
    }
    const counts = cluster.nodes.map(({ id }) => `${id} ${owners.filter((owner) => owner === id).length}`);
    times.sort((one, other) => one - other);
    const median = Math.round(times[times.length >> 1]);
    report(`owners: ${counts.join(', ')}; a join among ${FIRST_JOINS} at once took ${median} ms (p50)`);
  });

  test(`${CLIENTS} clients: what forwarding adds`, { timeout: 180_000 }, async () => {
    await measureJoins(cluster, CLIENTS);
    await cluster.awaitNoRooms();
  });

  test('a client that joins again elsewhere under its name replaces itself', { timeout: 30_000 }, async () => {
    const [first, second] = await Promise.all(cluster.nodes.slice(0, 2).map((node) => RawClient.open(node.signalling)));
    const params = { sid: 'twice', uid: 'same', offer: publisherOffer() };
    assert.ok((await first.call('join', params)).result);
    assert.ok((await second.call('join', params)).result);
    assert.equal((await first.closed).code, 4000);
    assert.equal((await cluster.each('noir_peers')).reduce((sum, peers) => sum + peers), 1);
    await second.close();
    await cluster.awaitNoRooms();
  });
});
