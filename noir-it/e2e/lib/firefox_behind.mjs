// Firefox behind a thin line. It is driven by a port of its own loopback, and takes pages of its own loopback alone for safe, so both
// are handed on from network to network.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import puppeteer from 'puppeteer-core';
import { FIREFOX_PREFERENCES } from './browsers.mjs';
import { FIREFOX } from './paths.mjs';
import { testPage } from './test_pages.mjs';
import { until } from './wait.mjs';

const OPEN_DEADLINE_MS = 30_000;
// In the line's own network nobody else has any.
const HANDED_PORT = 9223;

export class FirefoxBehind {
  /** @param {import('./thin_line.mjs').ThinLine} line */
  constructor(line) {
    this.line = line;
    this.profile = mkdtempSync(`${tmpdir()}/noir-firefox-`);
    this.processes = [];
    this.servers = [];
    this.browser = null;
  }

  /** @param {import('./thin_line.mjs').ThinLine} line */
  static async open(line) {
    const firefox = new FirefoxBehind(line);
    try {
      await firefox.start();
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  async start() {
    const { line } = this;
    const pages = Number(new URL(await testPage()).port);
    line.inside('ip', `route add default via ${line.serverAddress}`); // Without one Firefox gathers no candidates.
    await this.listen(line.serverAddress, pages, '127.0.0.1', pages);
    // The same number on both sides: by another one it lets nobody in.
    const port = await this.listen('127.0.0.1', 0, line.clientAddress, HANDED_PORT);
    this.handOnInside(['127.0.0.1', pages, line.serverAddress, pages], [line.clientAddress, HANDED_PORT, '127.0.0.1', port]);
    writeFileSync(`${this.profile}/user.js`, preferences());
    const flags = ['--headless', '--no-remote', '--profile', this.profile, '--remote-debugging-port', String(port)];
    this.spawnInside([FIREFOX, ...flags, '--remote-allow-hosts', '127.0.0.1'], { HOME: this.profile });
    await until('Firefox behind the line', OPEN_DEADLINE_MS, async () => {
      const options = { browserWSEndpoint: `ws://127.0.0.1:${port}/session`, protocol: 'webDriverBiDi' };
      this.browser = await puppeteer.connect(options).catch(() => null);
      return this.browser;
    });
  }

  page() {
    return this.browser.newPage();
  }

  async listen(host, port, toHost, toPort) {
    const server = createServer(handOn(toHost, toPort));
    this.servers.push(server);
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    return server.address().port;
  }

  handOnInside(...ways) {
    const program = `const { connect, createServer } = require('node:net'); const handOn = ${handOn};
      for (const [host, port, toHost, toPort] of ${JSON.stringify(ways)}) createServer(handOn(toHost, toPort)).listen(port, host);`;
    this.spawnInside([process.execPath, '-e', program]);
  }

  spawnInside(command, environment = {}) {
    const options = { stdio: 'ignore', env: { ...process.env, ...environment } };
    this.processes.push(spawn('nsenter', ['-t', String(this.line.holder.pid), '-n', ...command], options));
  }

  async close() {
    await this.browser?.close().catch(() => {});
    for (const each of this.processes) each.kill();
    for (const server of this.servers) server.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function preferences() {
  const all = Object.entries({ ...FIREFOX_PREFERENCES, 'browser.shell.checkDefaultBrowser': false });
  return all.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`).join('\n');
}

// Goes into the other program as text, too.
function handOn(host, port) {
  return (from) => {
    const to = connect(port, host);
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  };
}
