// The address in front of a cluster: hands each connection to the first node that is ready.

import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// A node that runs and is not ready for a moment is none that has failed: a test takes for granted whom it comes to.
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

export class Balancer {
  /** @param {import('./server.mjs').Server[]} nodes in order of preference */
  static async start(nodes) {
    const balancer = new Balancer(nodes);
    await new Promise((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  constructor(nodes) {
    this.nodes = nodes;
    this.sockets = new Set();
    this.server = createServer((client) => void this.#serve(client));
  }

  get pages() {
    return `http://localhost:${this.server.address().port}/`;
  }

  async #serve(client) {
    this.#hold(client);
    for (const node of this.nodes) {
      if (!(await takesClients(node))) continue;
      const upstream = this.#hold(connect(node.httpPort, '127.0.0.1'));
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
      return;
    }
    client.destroy();
  }

  #hold(socket) {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // Either end may be killed at any time: 'close' follows.
    socket.on('error', () => {});
    return socket;
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function takesClients(node) {
  const endMs = performance.now() + PATIENCE_MS;
  while (node.isRunning && performance.now() < endMs) {
    if (await node.isReady()) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
