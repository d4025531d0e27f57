// ./noir run --nodes: what it prints is true, and nothing is left when it ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WAR } from './lib/paths.mjs';
import { channelOffer, RawClient } from './lib/raw_client.mjs';
import { freeTcpPort, freeUdpPorts } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const TOOLS = fileURLToPath(new URL('../../tools/', import.meta.url));
// The launcher's own part, without the build before it.
const SCRIPT = `set -euo pipefail
say() { echo "noir: $*" >&2; }
die() { say "$*"; exit 1; }
JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
. "$TOOLS/run-nodes.sh"
run_nodes 2 -Dnoir.media.loops=1 -Dnoir.media.addresses=127.0.0.1`;

test('two nodes and a Redis by the launcher', { timeout: 150_000 }, async () => {
  const FIRST_HTTP_PORT = await freeTcpPort();
  const FIRST_MEDIA_PORT = await freeUdpPorts();
  const launcher = spawn('bash', ['-c', SCRIPT], {
    env: { ...process.env, TOOLS, WAR, FIRST_HTTP_PORT, FIRST_MEDIA_PORT, JAVA_OPTS: '-Xmx256m' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  launcher.stdout.on('data', (data) => (printed += data));
  launcher.stderr.on('data', (data) => (printed += data));
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  try {
    const { elapsedMs } = await until('the launcher has started', 120_000, () => {
      if (launcher.exitCode !== null) throw new Error(`it ended: ${printed}`);
      return printed.includes('Ctrl-C stops all');
    });
    report(`redis-server and two nodes are up after ${elapsedMs} ms`);
    const pids = [...printed.matchAll(/^(?:redis|node\d) .* pid (\d+)$/gm)].map(([, pid]) => Number(pid));
    assert.equal(pids.length, 3, printed);
    assert.ok(pids.every(isAlive));
    await assertOneCluster([...printed.matchAll(/^node\d +http(\S+)/gm)].map(([, address]) => address));

    process.kill(pids[1], 'SIGKILL');
    await until('it says that node1 has ended', 10_000, () => printed.includes('node1 has ended'));
    assert.ok(isAlive(pids[2]), 'the other one goes on');

    launcher.kill('SIGTERM');
    assert.equal(await ended, 143);
    assert.deepEqual(pids.filter(isAlive), [], 'processes that are left');
    assert.equal(existsSync(/Logs are in (\S+)/.exec(printed)[1]), false);
  } finally {
    launcher.kill('SIGTERM');
    await ended;
  }
});

/** A room joined at one is the room joined at the other. */
async function assertOneCluster(addresses) {
  assert.equal(addresses.length, 2);
  const clients = await Promise.all(addresses.map((address) => RawClient.open(`ws${address}ws`)));
  for (const client of clients) {
    assert.ok((await client.call('join', { sid: 'one', uid: 'same', offer: channelOffer() })).result);
  }
  // The second takes the place of the first.
  assert.equal((await clients[0].closed).code, 4000);
  await clients[1].close();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
