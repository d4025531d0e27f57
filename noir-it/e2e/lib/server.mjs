// noiR as a process of its own: java -jar noir.war on free ports.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { OUTPUT, WAR } from './paths.mjs';
import { testPage } from './test_pages.mjs';
import { report, until } from './wait.mjs';

const START_DEADLINE_MS = 90_000;
const LOOPS = 2;

// What a JVM of a minute's life compiles best is never paid back: half of what a start costs.
export const SHORT_LIVED = '-XX:TieredStopAtLevel=1';

const running = new Set();
let shared = null;
let started = 0;

export class Server {
  /** Of the pages' addresses, behind the host; empty or with a slash at its end. */
  context = '';

  constructor(httpPort, mediaPort, settings, jvm) {
    this.httpPort = httpPort;
    this.mediaPort = mediaPort;
    this.settings = settings;
    this.jvm = jvm;
    this.process = null;
    this.log = '';
  }

  get encrypted() {
    return this.settings['noir.http.certificate'] ? 's' : '';
  }

  /** What has been left of a failed test is stopped. */
  get isRunning() {
    return running.has(this);
  }

  get pages() {
    return `http${this.encrypted}://localhost:${this.httpPort}/${this.context}`;
  }

  get signalling() {
    return `ws${this.encrypted}://localhost:${this.httpPort}/${this.context}ws`;
  }

  get pid() {
    return this.process.pid;
  }

  async start() {
    if (!existsSync(WAR)) throw new Error(`${WAR} is missing: build it first (./noir build)`);
    this.log = `${OUTPUT}server-${process.pid}-${++started}.log`;
    const out = openSync(this.log, 'w');
    const properties = {
      'noir.http.ports': this.httpPort,
      'noir.media.port': this.mediaPort,
      'noir.media.loops': LOOPS,
      'noir.allowed-origins': new URL(await testPage()).origin,
      // All clients are at one address.
      'noir.limits.sockets-per-address': 0,
      'noir.limits.joins-per-address': 0,
      'noir.limits.rooms-per-address': 0,
      ...this.settings,
    };
    const flags = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
    this.process = await this.launch(flags, ['ignore', out, out]);
    closeSync(out);
    running.add(this);
    let exited = null;
    this.process.once('exit', (code, signal) => {
      exited = signal ?? code;
      running.delete(this);
    });
    const { elapsedMs } = await until(`${this.pages}health/ready, see ${this.log}`, START_DEADLINE_MS, async () => {
      if (exited !== null) {
        throw new Error(`the server ended (${exited}):\n${readFileSync(this.log, 'utf8').slice(-3000)}`);
      }
      return this.isReady();
    });
    report(`server ready after ${elapsedMs} ms, http ${this.httpPort}, media ${this.mediaPort}, log ${this.log}`);
    return this;
  }

  /**
   * @param {string[]} flags noiR's settings, as options of a JVM
   * @param {import('node:child_process').StdioOptions} stdio
   */
  async launch(flags, stdio) {
    const { NOIR_CLASS_ARCHIVE: archive } = process.env;
    const jvm = ['-Xmx256m', SHORT_LIVED, ...(archive ? [`-XX:SharedArchiveFile=${archive}`] : []), ...this.jvm];
    return spawn('java', [...jvm, `-Djava.io.tmpdir=${tmpdir()}`, ...flags, '-jar', WAR], { stdio });
  }

  async isReady() {
    try {
      const port = this.settings['noir.http.health.port'];
      return (await fetch(port ? `http://localhost:${port}/health/ready` : `${this.pages}health/ready`)).ok;
    } catch {
      return false;
    }
  }

  /** Numbers of /metrics by name. */
  async metrics() {
    const text = await (await fetch(`${this.pages}metrics`)).text();
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    return Object.fromEntries(lines.map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]));
  }

  /** What a management command answers; an error is thrown. The server has a `noir.admin.token`. */
  async command(method, params) {
    const answer = await fetch(`${this.pages}admin/rpc`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.settings['noir.admin.token']}` },
      body: JSON.stringify({ id: 1, method, params }),
    });
    const { result, error } = await answer.json();
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  /** @param {NodeJS.Signals} signal SIGSTOP, SIGCONT */
  signal(signal) {
    this.process.kill(signal);
  }

  /** @param {NodeJS.Signals} signal SIGTERM ends it in order, SIGKILL as a crash would */
  get isRunning() {
    const { process: child } = this;
    return Boolean(child) && child.exitCode === null && child.signalCode === null;
  }

  async stop(signal = 'SIGTERM') {
    const { process: child } = this;
    if (!this.isRunning) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }

  /** @returns {{ threads: string[], files: string[] }} what the process holds, as the kernel sees it */
  held() {
    const threads = readdirSync(`/proc/${this.pid}/task`).map((id) => readName(`/proc/${this.pid}/task/${id}/comm`));
    return { threads: threads.sort(), files: readdirSync(`/proc/${this.pid}/fd`) };
  }
}

function readName(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'ended';
  }
}

/** The one server most tests use. */
export async function sharedServer() {
  shared ??= newServer().then((server) => server.start());
  return shared;
}

/**
 * @param {Record<string, string>} settings
 * @param {string[]} jvm options of the JVM
 */
export async function newServer(settings = {}, jvm = []) {
  return new Server(await freeTcpPort(), await freeUdpPorts(), settings, jvm);
}

export async function stopServers() {
  shared = null;
  await Promise.all([...running].map((server) => server.stop()));
}

// Below the range from which the kernel takes the ports of outgoing connections (32768 and above): a port found free
// there may be a browser's a moment later.
function somePort() {
  return 10_000 + Math.floor(Math.random() * 20_000);
}

export async function freeTcpPort() {
  for (;;) {
    const port = somePort();
    if (await tryTcpPort(port)) return port;
  }
}

function tryTcpPort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

/** A port with as many free ones behind it as there are loops. */
export async function freeUdpPorts() {
  for (;;) {
    const first = somePort();
    const ports = await Promise.all(Array.from({ length: LOOPS }, (_, i) => tryUdpPort(first + i)));
    if (ports.every((port) => port > 0)) return first;
  }
}

function tryUdpPort(port) {
  return new Promise((resolve) => {
    const probe = createSocket('udp4');
    probe.once('error', () => resolve(-1));
    probe.bind(port, () => {
      const bound = probe.address().port;
      probe.close(() => resolve(bound));
    });
  });
}
