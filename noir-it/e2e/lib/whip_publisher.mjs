// A publisher by WHIP that is no browser, as a process of its own.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { OUTPUT, SUITE } from './paths.mjs';
import { report } from './wait.mjs';

const PYTHON = '/usr/bin/python3'; // The one that the distribution's packages are for.

// The distribution's own FFmpeg has no WHIP.
const FFMPEG = 'org.bytedeco:ffmpeg:8.0.1-1.5.13:jar:linux-x86_64';
const UNPACK = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';
const FFMPEG_DIRECTORY = `${OUTPUT}ffmpeg/org/bytedeco/ffmpeg/linux-x86_64`;

/** FFmpeg 8 from Maven Central; the first time it is fetched. */
function ffmpeg() {
  const program = `${FFMPEG_DIRECTORY}/ffmpeg`;
  if (!existsSync(program)) {
    const options = ['-B', '-ntp', '-q', UNPACK, `-Dartifact=${FFMPEG}`, `-DoutputDirectory=${OUTPUT}ffmpeg`];
    const unpacked = spawnSync('mvn', options, { cwd: OUTPUT, encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(`no FFmpeg: ${unpacked.stdout ?? unpacked.error}`);
    chmodSync(program, 0o755);
  }
  return program;
}

const PICTURES = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
const H264 = ['-c:v', 'libopenh264', '-profile:v', 'constrained_baseline', '-pix_fmt', 'yuv420p', '-g', '15', '-b:v', '300k'];
const OPUS = ['-c:a', 'libopus', '-ac', '2', '-ar', '48000'];

/** @type {Record<string, (url: string) => string[]>} */
const COMMANDS = {
  ffmpeg: (url) => [ffmpeg(), '-nostats', ...PICTURES, ...SOUND, ...H264, ...OPUS, '-f', 'whip', url],
  gstreamer: (url) => [PYTHON, `${SUITE}interop/gstreamer_whip.py`, url],
};

export class WhipPublisher {
  /** @param {'ffmpeg' | 'gstreamer'} name */
  constructor(name, url) {
    this.name = name;
    const [command, ...options] = COMMANDS[name](url);
    const env = { ...process.env, LD_LIBRARY_PATH: name === 'ffmpeg' ? FFMPEG_DIRECTORY : '' };
    this.process = spawn(command, options, { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.said = '';
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => (this.said = (this.said + text).slice(-3000)));
    }
  }

  checkAlive() {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) throw new Error(`${this.name} has ended: ${signalCode ?? exitCode}`);
  }

  explain() {
    report(`${this.name}: ${this.said.replaceAll('\n', '\n# ')}`);
  }

  /** As its user would, so that it leaves in order. @returns its exit code */
  async stop() {
    if (this.name === 'ffmpeg') this.process.stdin.write('q');
    this.process.stdin.end();
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }
}
