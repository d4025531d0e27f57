// Several nodes and their redis-server on this machine.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { channelOffer, RawClient } from './raw_client.mjs';
import { Redis } from './redis.mjs';
import { newServer } from './server.mjs';
import { report, until } from './wait.mjs';

// Small and quick to start: a test has three, beside the browsers.
const JVM = ['-XX:+UseSerialGC'];
const OWNER_DEADLINE_MS = 15_000;

export const ADMIN_TOKEN = 'token-of-the-tests';

function leaseKey(room) {
  return `noir/room/{${room}}/lease`;
}

export class Cluster {
  constructor(redis, nodes) {
    this.redis = redis;
    this.nodes = nodes;
  }

  /** @param {Record<string, string>[]} settings of each node; their ids are node1, node2 … */
  static async start(settings) {
    const redis = await Redis.start();
    const secret = randomBytes(16).toString('hex');
    const nodes = [];
    for (const [i, own] of settings.entries()) {
      const node = await newServer(
        {
          'noir.redis.url': redis.url,
          'noir.cluster.node-id': `node${i + 1}`,
          'noir.cluster.secret': secret,
          'noir.admin.token': ADMIN_TOKEN,
          'noir.media.addresses': '127.0.0.1',
          'noir.media.loops': '1',
          ...own,
        },
        JVM,
      );
      nodes.push(Object.assign(node, { id: `node${i + 1}` }));
    }
    const cluster = new Cluster(redis, nodes);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      await cluster.awaitNodes(nodes.length);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Every live node knows of that many. */
  async awaitNodes(count) {
    await until(`all nodes know ${count}`, 20_000, async () => {
      const known = await Promise.all(this.alive.map((node) => node.metrics()));
      return known.every(({ noir_cluster_nodes: nodes }) => nodes === count);
    });
  }

  get alive() {
    return this.nodes.filter(({ process: child }) => child && child.exitCode === null && child.signalCode === null);
  }

  node(id) {
    return this.nodes.find((node) => node.id === id);
  }

  others(...excepted) {
    return this.nodes.filter((node) => !excepted.includes(node));
  }

  /** @returns the node that has the room's lease, or undefined */
  async ownerOf(room) {
    const lease = await this.redis.command('GET', leaseKey(room));
    return this.node(lease.split(' ')[1]);
  }

  /** All of them have one, perhaps not in the same moment: a node that was not run for 3 s renews late. */
  async ownersOf(rooms) {
    const owners = new Map();
    await until(`each of ${rooms.length} rooms has an owner`, OWNER_DEADLINE_MS, async () => {
      const leases = (await this.redis.command('MGET', ...rooms.map(leaseKey))).split('\n');
      leases.forEach((lease, i) => lease && owners.set(rooms[i], this.node(lease.split(' ')[1])));
      return owners.size === rooms.length;
    });
    return rooms.map((room) => owners.get(room));
  }

  /** Has a room hosted somewhere, and gives the node; a peer without media keeps it until `close`. */
  async openRoom(room, at = this.nodes[0]) {
    const keeper = await RawClient.open(at.signalling);
    const reply = await keeper.call('join', { sid: room, uid: 'keeper', offer: channelOffer() });
    assert.ok(reply.result, JSON.stringify(reply.error));
    const [owner] = await this.ownersOf([room]);
    return { owner, keeper };
  }

  /** @returns {Promise<number[]>} what every live node says, in order */
  async each(metric) {
    return Promise.all(this.alive.map(async (node) => (await node.metrics())[metric]));
  }

  /** Waits until the lease and one node alone have the room; nothing else may be hosted meanwhile. */
  async awaitOneOwner(room, deadlineMs = OWNER_DEADLINE_MS) {
    const { value, elapsedMs } = await until(`exactly one owner of ${room}`, deadlineMs, async () => {
      const owner = await this.ownerOf(room);
      const hosting = await Promise.all(this.alive.map(async (node) => [node, (await node.metrics()).noir_rooms]));
      const all = hosting.filter(([, rooms]) => rooms > 0);
      return all.length === 1 && all[0][1] === 1 && all[0][0] === owner && owner;
    });
    report(`exactly one owner of ${room}: ${value.id}, seen after ${elapsedMs} ms`);
    return value;
  }

  async awaitNoRooms() {
    await until('no node has a room', OWNER_DEADLINE_MS, async () => {
      return (await this.each('noir_rooms')).every((rooms) => rooms === 0);
    });
  }

  /** Starts what is not running. */
  async restore() {
    const dead = this.nodes.filter((node) => !this.alive.includes(node));
    await Promise.all(dead.map((node) => node.start()));
    await this.awaitNodes(this.nodes.length);
  }

  async stop() {
    await Promise.all(
      this.nodes.map(async (node) => {
        node.process?.kill('SIGCONT');
        await node.stop();
      }),
    );
    this.redis.signal('SIGCONT');
    await this.redis.kill();
  }
}
