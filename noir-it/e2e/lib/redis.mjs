// A real redis-server on a free port, without a disk: what is killed comes back empty.

import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { OUTPUT } from './paths.mjs';
import { freeTcpPort } from './server.mjs';
import { until } from './wait.mjs';

const REDIS = process.env.REDIS_SERVER ?? 'redis-server';
const run = promisify(execFile);

export class Redis {
  constructor(port) {
    this.port = port;
    this.process = null;
  }

  static async start() {
    const redis = new Redis(await freeTcpPort());
    await redis.start();
    return redis;
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start() {
    const log = openSync(`${OUTPUT}redis-${this.port}.log`, 'a');
    const options = { port: this.port, bind: '127.0.0.1', dir: OUTPUT, appendonly: 'no' };
    const flags = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
    this.process = spawn(REDIS, [...flags, '--save', ''], { stdio: ['ignore', log, log] });
    closeSync(log);
    let failed = null;
    this.process.once('error', (error) => (failed = error));
    await until('redis-server answers', 10_000, async () => {
      if (failed) throw failed;
      return (await this.command('PING').catch(() => '')) === 'PONG';
    });
  }

  /** @param {string[]} words @returns {Promise<string>} the reply as redis-cli prints it, a line for each element */
  async command(...words) {
    const { stdout } = await run('redis-cli', ['-p', String(this.port), '--raw', ...words], { timeout: 5000 });
    return stdout.trim();
  }

  /** @returns {Promise<Record<string, number>>} how often each command has been executed */
  async commandCounts() {
    const lines = (await this.command('INFO', 'commandstats')).split('\n');
    const counts = lines.map((line) => /^cmdstat_([^:]+):calls=(\d+)/.exec(line)).filter(Boolean);
    return Object.fromEntries(counts.map(([, command, calls]) => [command, Number(calls)]));
  }

  /** @param {NodeJS.Signals} signal SIGSTOP, SIGCONT */
  signal(signal) {
    this.process.kill(signal);
  }

  async kill() {
    const { process: child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}
