// Janus as the distribution packs it, as a process of its own: for comparison.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { OUTPUT } from './paths.mjs';
import { freeTcpPort } from './server.mjs';
import { until } from './wait.mjs';

const PROGRAM = '/usr/bin/janus';
const FOLDER = '/usr/lib/x86_64-linux-gnu/janus';
const UNUSED_PLUGINS = 'audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail';
const UNUSED_TRANSPORTS = 'http mqtt nanomsg pfunix rabbitmq';
const START_DEADLINE_MS = 10_000;

export const JANUS_IS_HERE = existsSync(PROGRAM);

export class Janus {
  constructor(process, address, port) {
    this.process = process;
    this.address = address;
    this.port = port;
    this.signalling = `ws://${address}:${port}`;
  }

  /** @param {string} address the only one that it is to be reached at */
  static async start(address) {
    const port = await freeTcpPort();
    const configuration = `${OUTPUT}janus`;
    rmSync(configuration, { recursive: true, force: true });
    mkdirSync(configuration, { recursive: true });
    const write = (name, text) => writeFileSync(`${configuration}/janus${name}.jcfg`, text);
    write(
      '',
      `general: { plugins_folder = "${FOLDER}/plugins"; transports_folder = "${FOLDER}/transports"; debug_level = 3 }
       nat: { ice_enforce_list = "${address}" }
       plugins: { disable = "${library(UNUSED_PLUGINS)}" }
       transports: { disable = "${library(UNUSED_TRANSPORTS)}" }`,
    );
    write('.transport.websockets', `general: { json = "compact"; ws = true; ws_port = ${port} }`);
    write('.plugin.videoroom', 'general: { }');
    const child = spawn(PROGRAM, ['-F', configuration, '-o', '-L', `${OUTPUT}janus.log`], { stdio: 'ignore' });
    const janus = new Janus(child, address, port);
    await until(`Janus, see ${OUTPUT}janus.log`, START_DEADLINE_MS, () => janus.answers());
    return janus;
  }

  answers() {
    return new Promise((resolve) => {
      const socket = connect(this.port, this.address);
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }
}

function library(names) {
  return names.replace(/(\w+) ?/g, 'libjanus_$1.so,');
}
