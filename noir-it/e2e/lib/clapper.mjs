// A camera that claps: now and then its picture becomes white and its microphone beeps, at the same moment.

import { spawnSync } from 'node:child_process';

const RATE = 48_000;
const LOUD = 0.1;
const LIGHT = 128;
// A clap begins when there was none for so long.
const PAUSE_S = 0.5;
// What is further apart are two claps.
const SAME_S = 0.3;

/** Runs in the page before its scripts. */
export function installClapper() {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const pen = canvas.getContext('2d');
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 1000 });
  const volume = new GainNode(context, { gain: 0 });
  const microphone = new MediaStreamAudioDestinationNode(context);
  tone.connect(volume).connect(microphone);
  tone.start();

  let pictures = 0;
  const draw = () => {
    const since = pictures++ % 30;
    pen.fillStyle = since < 3 ? '#fff' : '#000';
    pen.fillRect(0, 0, 320, 180);
    pen.fillStyle = '#888';
    pen.fillRect(since * 10, 80, 20, 20); // Else there would be nothing to send.
    if (since !== 0) return;
    volume.gain.setValueAtTime(0.5, context.currentTime);
    volume.gain.setValueAtTime(0, context.currentTime + 0.1);
  };
  setInterval(draw, 33);

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async () => {
    await open({ audio: true }); // A page that has a microphone may make sounds, too.
    await context.resume();
    return new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...microphone.stream.getAudioTracks()]);
  };
}

/**
 * @param {string} path of what has been recorded of it
 * @returns {number[]} by how many ms the sound of each clap comes after its picture, by the file's own clock
 */
export function offsetsIn(path) {
  const sounds = begins(loudMoments(path));
  return begins(lightMoments(path)).flatMap((seen) => {
    const heard = sounds.find((sound) => Math.abs(sound - seen) < SAME_S);
    return heard === undefined ? [] : [1000 * (heard - seen)];
  });
}

/** @param {number[]} moments in s */
function begins(moments) {
  return moments.filter((moment, i) => i > 0 && moment - moments[i - 1] > PAUSE_S);
}

function run(program, options) {
  const { status, stdout, stderr } = spawnSync(program, options, { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return { stdout, said: String(stderr) };
}

function lightMoments(path) {
  const shown = ['-show_entries', 'frame=pts_time:frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0'];
  const lines = String(run('ffprobe', ['-v', 'error', '-f', 'lavfi', `movie=${path},signalstats`, ...shown]).stdout).trim().split('\n');
  return lines.map((line) => line.split(',').map(Number)).filter(([, light]) => light > LIGHT).map(([at]) => at);
}

/** By the time of each packet, which is not what its samples add up to. */
function loudMoments(path) {
  const options = ['-i', path, '-map', '0:a', '-af', `aresample=${RATE},ashowinfo`, '-ac', '1', '-f', 'f32le', '-'];
  const { stdout, said } = run('ffmpeg', options);
  const samples = new Float32Array(stdout.buffer, stdout.byteOffset, stdout.length >> 2);
  const moments = [];
  let first = 0;
  for (const [, time, count] of said.matchAll(/pts_time:([\d.]+).* nb_samples:(\d+)/g)) {
    for (let i = 0; i < count; i++) {
      if (Math.abs(samples[first + i]) > LOUD) moments.push(Number(time) + i / RATE);
    }
    first += Number(count);
  }
  return moments;
}
