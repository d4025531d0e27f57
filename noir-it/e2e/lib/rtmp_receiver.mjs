// A server of RTMP that takes one stream: FFmpeg's own.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

export class RtmpReceiver {
  /** @param {string} path where what comes is kept, as FLV */
  constructor(port, path) {
    this.path = path;
    this.process = spawn('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-listen', '1', '-i', `rtmp://127.0.0.1:${port}/live/hush`],
      ...['-c', 'copy', '-flush_packets', '1', '-f', 'flv', '-y', path],
    ], { stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
  }

  get bytes() {
    return existsSync(this.path) ? statSync(this.path).size : 0;
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** What can be decoded of it: the number of frames by the codec. */
  frames() {
    const { stdout } = spawnSync('ffprobe', [
      ...['-v', 'quiet', '-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'json', this.path],
    ]);
    return Object.fromEntries(JSON.parse(stdout).streams.map((one) => [one.codec_name, Number(one.nb_read_frames)]));
  }
}
