// Many signalling clients without media: what a join costs at the room's node and at another one, in time and in
// commands to Redis.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { channelOffer, RawClient } from './raw_client.mjs';
import { report } from './wait.mjs';

const PEERS_PER_ROOM = 4;
const JOINS_AT_ONCE = 2;
// Peers whose connections never come up are closed after 30 s: it all has to be over by then.
const IDLE_MS = 5000;
// Those that nodes send. What scripts call inside is counted by Redis as well, and is left out.
const SENT = new Set(['evalsha', 'eval', 'script|load', 'xread', 'ping', 'auth', 'hello', 'client|setname']);

/** All clients join the same room in the same moment. @returns {Promise<number[]>} milliseconds of each join */
export async function awaitJoins(clients, room) {
  return Promise.all(clients.map((client, i) => timedJoin(client, room, `peer ${i}`)));
}

async function timedJoin(client, room, uid) {
  const begin = performance.now();
  const reply = await client.call('join', { sid: room, uid, offer: channelOffer() });
  assert.ok(reply.result, JSON.stringify(reply.error));
  return performance.now() - begin;
}

/** Prints what it finds; aims are in the documents, since a busy machine is no fault. */
export async function measureJoins(cluster, count) {
  const clients = [];
  try {
    await new JoinLoad(cluster, count, clients).run();
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

class JoinLoad {
  constructor(cluster, count, clients) {
    this.cluster = cluster;
    this.clients = clients;
    this.rooms = Array.from({ length: count / PEERS_PER_ROOM }, (_, i) => `load ${i}`);
    this.basePerSecond = 0;
  }

  async run() {
    const { nodes } = this.cluster;
    this.basePerSecond = await this.idle('no room');
    await this.measure(
      'first join of a room',
      this.rooms.map((room, i) => ({ room, node: nodes[i % nodes.length] })),
    );
    const owners = await this.cluster.ownersOf(this.rooms);
    // Rooms cost something as well: what the joins below cost is what comes on top.
    this.basePerSecond = await this.idle(`${this.rooms.length} rooms of one`);
    const wanted = (share, nodesOf) =>
      this.rooms.flatMap((room, i) =>
        Array.from({ length: share }, (_, n) => ({ room, node: nodesOf(owners[i])[n % nodesOf(owners[i]).length] })),
      );
    await this.measure('local join', wanted(1, (owner) => [owner]));
    await this.measure('forwarded join', wanted(PEERS_PER_ROOM - 2, (owner) => this.cluster.others(owner)));
    await this.idle(`${this.rooms.length} rooms, ${this.clients.length} idle peers`);
  }

  async join(node, room) {
    const client = await RawClient.open(node.signalling, { answering: true });
    this.clients.push(client);
    return timedJoin(client, room, `peer ${this.clients.length}`);
  }

  async measure(what, joins) {
    const before = await commands(this.cluster);
    const begin = performance.now();
    const times = await atOnce(joins, ({ room, node }) => this.join(node, room));
    const seconds = (performance.now() - begin) / 1000;
    const sent = difference(before, await commands(this.cluster));
    const each = Math.max(0, (total(sent) - this.basePerSecond * seconds) / joins.length);
    const sorted = times.sort((one, other) => one - other);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
    report(`${what}: ${joins.length} times, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
    report(`${what}: ${each.toFixed(1)} Redis commands each (${describe(sent)} in ${seconds.toFixed(1)} s)`);
  }

  /** @returns commands per second of all nodes together */
  async idle(what) {
    const before = await commands(this.cluster);
    await pause(IDLE_MS);
    const sent = difference(before, await commands(this.cluster));
    const perSecond = (total(sent) * 1000) / IDLE_MS;
    report(`${what}: ${perSecond.toFixed(1)} Redis commands/s (${describe(sent)})`);
    return perSecond;
  }
}

/** A few at a time, so that it is the join that is measured and not a queue of them. */
async function atOnce(items, action) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await action(items[i]);
    }
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, worker));
  return results;
}

async function commands(cluster) {
  const counts = await cluster.redis.commandCounts();
  return Object.fromEntries(Object.entries(counts).filter(([name]) => SENT.has(name)));
}

function difference(before, after) {
  return Object.fromEntries(Object.entries(after).map(([name, calls]) => [name, calls - (before[name] ?? 0)]));
}

function total(counts) {
  return Object.values(counts).reduce((sum, calls) => sum + calls, 0);
}

function describe(counts) {
  const used = Object.entries(counts).filter(([, calls]) => calls > 0);
  return used.map(([name, calls]) => `${name} ${calls}`).join(', ') || 'none';
}
