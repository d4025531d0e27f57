// A client's line of its own: a network namespace, joined to ours by a pair of interfaces, of which ours can be made thin.
// Needs root. When the test's process ends, so do the namespace and the pair.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from './browsers.mjs';
import { FirefoxBehind } from './firefox_behind.mjs';
import { CHROMIUM, OUTPUT } from './paths.mjs';
import { fulfilTestPages } from './test_pages.mjs';
import { until } from './wait.mjs';

const OPEN_DEADLINE_MS = 5000;
// A home router's: a fifth of a second.
const QUEUE_MS = 200;
// One packet: what a token bucket lets pass at once says nothing of its rate.
const BURST_BYTES = 2000;

// RFC 5737's addresses for examples: to private ones Chromium does not let every page. Networks of four.
const EXAMPLES = '203.0.113.';
const NETWORKS = 64;

/** @returns {number} the last octet of a network that no other line has; lines stay open up to the end of all tests */
function freeNetwork(seed) {
  const taken = execFileSync('ip', ['-o', 'address']).toString();
  for (let i = 0; i < NETWORKS; i++) {
    const first = 4 * ((seed + i) % NETWORKS);
    if (!taken.includes(` ${EXAMPLES}${first + 1}/`)) return first;
  }
  throw new Error('no network for a line is free');
}

const lines = new Set();

export class ThinLine {
  constructor(holder) {
    this.holder = holder;
    this.ours = `noir${holder.pid}`;
    const first = freeNetwork(holder.pid);
    this.serverAddress = `${EXAMPLES}${first + 1}`;
    this.clientAddress = `${EXAMPLES}${first + 2}`;
    this.browser = null;
    this.firefox = null;
    this.rules = [];
  }

  static async open() {
    // Ends with our end of the pipe.
    const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const line = new ThinLine(holder);
    lines.add(line);
    await until('a network namespace', OPEN_DEADLINE_MS, () => {
      if (holder.exitCode !== null) throw new Error('no network namespace: the test needs root');
      return namespaceOf(holder.pid) !== namespaceOf('self');
    });
    const theirs = `${line.ours}b`;
    run('ip', `link add ${line.ours} type veth peer name ${theirs} netns ${holder.pid}`);
    run('ip', `address add ${line.serverAddress}/30 dev ${line.ours}`);
    run('ip', `link set ${line.ours} up`);
    line.inside('ip', 'link set lo up');
    line.inside('ip', `address add ${line.clientAddress}/30 dev ${theirs}`);
    line.inside('ip', `link set ${theirs} up`);
    return line;
  }

  /** What has been left of a failed test is closed. */
  get isOpen() {
    return lines.has(this);
  }

  /** Towards the client no more than this gets through. */
  cap(kbps) {
    run('tc', `qdisc replace dev ${this.ours} root tbf rate ${kbps}kbit burst ${BURST_BYTES} latency ${QUEUE_MS}ms`);
  }

  /** From the client no more than this gets through. */
  capFromClient(kbps) {
    this.inside('tc', `qdisc replace dev ${this.ours}b root tbf rate ${kbps}kbit burst ${BURST_BYTES} latency ${QUEUE_MS}ms`);
  }

  uncapFromClient() {
    this.inside('tc', `qdisc delete dev ${this.ours}b root`);
  }

  uncap() {
    run('tc', `qdisc delete dev ${this.ours} root`);
  }

  /** Towards the client, by chance. */
  lose(share) {
    this.inside('iptables', `-A INPUT -p udp -m statistic --mode random --probability ${share} -j DROP`);
  }

  /** From the client, by chance: at our end, since at its own the sender would be told. */
  loseOfClient(share) {
    const rule = `INPUT -i ${this.ours} -p udp -m statistic --mode random --probability ${share} -j DROP`;
    run('iptables', `-A ${rule}`);
    this.rules.push(rule);
  }

  /**
   * As behind many a corporate firewall: no UDP in either direction, without a word to who sends it.
   *
   * @param {number} [port] the only one for TCP towards us
   */
  onlyTcp(port) {
    this.inside('iptables', '-A INPUT -p udp -j DROP');
    const rules = [`INPUT -i ${this.ours} -p udp -j DROP`];
    if (port) rules.push(`INPUT -i ${this.ours} -p tcp ! --dport ${port} -j DROP`);
    for (const rule of rules) run('iptables', `-A ${rule}`);
    this.rules.push(...rules);
  }

  /** Ends what `lose` began. */
  loseNothing() {
    this.inside('iptables', '-F INPUT');
  }

  /** A context of a browser behind the line; the test pages come from here, for it sees no more of us than the server. */
  async context() {
    this.browser ??= await this.launch();
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true });
    await fulfilTestPages(context);
    return context;
  }

  /** A page of Firefox behind the line. */
  async firefoxPage() {
    this.firefox ??= await FirefoxBehind.open(this);
    return this.firefox.page();
  }

  launch() {
    const launcher = `${OUTPUT}chromium-${this.ours}.sh`;
    writeFileSync(launcher, `#!/bin/sh\nexec nsenter -t ${this.holder.pid} -n ${CHROMIUM} "$@"\n`, { mode: 0o755 });
    return chromium.launch({ executablePath: launcher, headless: true, args: CHROMIUM_FLAGS });
  }

  async close() {
    if (!lines.delete(this)) return;
    await this.browser?.close();
    await this.firefox?.close();
    for (const rule of this.rules) run('iptables', `-D ${rule}`);
    const ended = once(this.holder, 'exit');
    this.holder.stdin.end();
    await ended;
  }

  inside(command, options) {
    run('nsenter', `-t ${this.holder.pid} -n ${command} ${options}`);
  }
}

/** What a test has left behind. */
export async function closeLines() {
  await Promise.all([...lines].map((line) => line.close()));
}

function namespaceOf(pid) {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

function run(command, options) {
  execFileSync(command, options.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
}
