// A peer on somebody else's WebRTC stack: one of the programs in interop/, as a process of its own.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { OUTPUT, SUITE } from './paths.mjs';
import { report, until } from './wait.mjs';

const PYTHON = '/usr/bin/python3'; // The one that the distribution's packages are for.
const MEDIA_DEADLINE_MS = 20_000;

/** @type {Record<string, () => string[]>} the command of each stack */
const COMMANDS = {
  aiortc: () => [PYTHON, `${SUITE}interop/aiortc_peer.py`],
  gstreamer: () => [PYTHON, `${SUITE}interop/gstreamer_peer.py`],
  werift: () => [process.execPath, `${SUITE}interop/werift_peer.mjs`],
  pion: () => [buildPion()],
};

/** With the sources of the distribution's packages: no module is fetched. Go finds a "/v3" among them only from inside a GOPATH. */
function buildPion() {
  const program = `${OUTPUT}pion_peer`;
  const own = `${OUTPUT}gopath`;
  const cwd = `${own}/src/noir.dev/interop/pion`;
  cpSync(`${SUITE}interop/pion`, cwd, { recursive: true });
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: `${own}:/usr/share/gocode`, GOFLAGS: '' };
  const build = spawnSync('go', ['build', '-o', program, '.'], { cwd, env, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`pion's peer does not build: ${build.stderr ?? build.error}`);
  return program;
}

export class ForeignPeer {
  /** @param {'aiortc' | 'gstreamer' | 'werift' | 'pion'} stack */
  constructor(stack, server, room) {
    this.name = stack;
    this.counts = { video: 0, audio: 0 };
    this.errors = [];
    const [command, ...options] = COMMANDS[stack]();
    this.process = spawn(command, [...options, server.signalling, room, stack], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.stderr = '';
    this.process.stderr.on('data', (text) => (this.stderr = (this.stderr + text).slice(-3000)));
    createInterface({ input: this.process.stdout }).on('line', (line) => this.#told(line));
  }

  #told(line) {
    const message = JSON.parse(line);
    if (message.error) this.errors.push(message.error);
    else this.counts = message;
  }

  /** It decodes, or at least receives, pictures and sound, so many of each more than by now. */
  async awaitMedia(more) {
    const before = { ...this.counts };
    const { elapsedMs } = await until(`${this.name} receives`, MEDIA_DEADLINE_MS, () => {
      this.checkAlive();
      return this.counts.video >= before.video + more && this.counts.audio >= before.audio + more;
    });
    report(`${this.name}: ${JSON.stringify(this.counts)} after ${elapsedMs} ms`);
  }

  checkAlive() {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) throw new Error(`${this.name} has ended: ${signalCode ?? exitCode}`);
  }

  explain() {
    for (const error of this.errors) report(`${this.name} was told: ${error}`);
    if (this.stderr) report(`${this.name}: ${this.stderr.replaceAll('\n', '\n# ')}`);
  }

  async stop() {
    this.process.stdin.end();
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(timer);
  }
}
