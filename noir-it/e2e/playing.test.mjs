// A file that is played into a room, by each of the doors that the original's backends and ours have.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ADMIN_TOKEN, Cluster } from './lib/cluster.mjs';
import { runJobByRedis } from './lib/original_backend.mjs';
import { withParticipants } from './lib/participant.mjs';
import { Redis } from './lib/redis.mjs';
import { newServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const SECONDS = 3;
const FPS = 15;
const ROUND = SECONDS * FPS; // Pictures.
const SEEN_MS = 30_000;
const GONE_MS = 10_000;
const TAKEN_OVER_MS = 40_000;

/** Runs with a folder in which there is a test.video. */
async function withFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), 'noir-playing-'));
  try {
    record(join(folder, 'test.video'));
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs with the port of a web server that has the same file below /films/, and one that leads elsewhere. */
async function withWebServer(folder, run) {
  const web = createServer(({ url }, response) => {
    if (url === '/films/film.webm') return response.end(readFileSync(join(folder, 'test.video')));
    if (url === '/films/moved.webm') return response.writeHead(302, { location: 'film.webm' }).end();
    if (url === '/films/out.webm') return response.writeHead(302, { location: '/secret.webm' }).end();
    return response.writeHead(404).end();
  });
  await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
  try {
    await run(web.address().port);
  } finally {
    web.close();
  }
}

/** Starts Redis and a server that plays what is there and on the web, and runs with both. */
async function withServer(folder, webPort, run) {
  const redis = await Redis.start();
  try {
    const server = await newServer({
      'noir.playing.directory': folder,
      'noir.playing.urls': `http://127.0.0.1:${webPort}/films/`,
      'noir.playing.private': true,
      'noir.admin.token': ADMIN_TOKEN,
      'noir.redis.url': redis.url,
      'noir.admin.redis': true,
    });
    await server.start();
    try {
      await run(server, redis);
    } finally {
      await server.stop();
    }
  } finally {
    await redis.kill();
  }
}

function record(path) {
  encode(path, ['-c:v', 'libvpx', '-deadline', 'realtime', '-f', 'webm']);
}

const PICTURES = ['-f', 'lavfi', '-i', `testsrc=size=320x240:rate=${FPS}`];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440'];

/** A file of some seconds. */
function encode(path, options, inputs = [...PICTURES, ...SOUND]) {
  const { status, stderr } = spawnSync('ffmpeg', [
    ...['-v', 'error', ...inputs, '-t', String(SECONDS), '-b:v', '300k', '-g', String(FPS), '-c:a', 'libopus', ...options, path],
  ]);
  assert.equal(status, 0, String(stderr));
}

const FILES = {
  'h264.mkv': ['-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  'vp9.webm': ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
  'av1.mp4': ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'],
};

/** Five seconds of red, then of blue, then of green. */
function encodeColors(path) {
  const colors = ['red', 'blue', 'green'].map((color) => `color=${color}:size=160x120:rate=10:duration=5[${color}]`);
  const graph = `${colors.join(';')};[red][blue][green]concat=n=3`;
  const { status, stderr } = spawnSync('ffmpeg', [
    ...['-v', 'error', '-filter_complex', graph, '-c:v', 'libvpx', '-deadline', 'realtime', '-g', '10', '-f', 'webm', path],
  ]);
  assert.equal(status, 0, String(stderr));
}

const jobsOf = async (server) => (await server.command('jobs.list', {})).jobs;

/** Waits until the viewer has decoded so many pictures of the stream, and heard it. */
async function seen(viewer, stream, pictures) {
  let last = {};
  const { elapsedMs } = await until(`${pictures} pictures of ${stream}`, SEEN_MS, async () => {
    const [video, audio] = await Promise.all([viewer.received(stream, 'video'), viewer.received(stream, 'audio')]);
    last = { frames: video?.framesDecoded, energy: audio?.totalAudioEnergy };
    return last.frames >= pictures && last.energy > 0;
  });
  report(`${last.frames} pictures, audio energy ${last.energy.toFixed(3)}, after ${elapsedMs} ms`);
  return last.frames;
}

/** Waits until no more pictures come for longer than there is from one to the next. */
async function standsStill(viewer, stream) {
  let before = -1;
  let since = performance.now();
  await until('the picture stands still', SEEN_MS, async () => {
    const { framesDecoded } = await viewer.received(stream, 'video');
    if (framesDecoded !== before) since = performance.now();
    before = framesDecoded;
    return performance.now() - since > 1500;
  });
  return before;
}

async function playsOnAndOn(server) {
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'cinema', { publish: false });
    const { job, uid } = await server.command('jobs.start', {
      kind: 'PlayFile',
      room: 'cinema',
      options: { filename: 'test.video', repeat: -1, name: 'film' },
    });
    assert.equal(uid, 'film');
    await seen(viewer, 'film', 2 * ROUND + FPS);
    assert.equal((await server.command('jobs.control', { job, action: 'pause' })).state, 'paused');
    const still = await standsStill(viewer, 'film');
    await server.command('jobs.control', { job, action: 'resume' });
    await seen(viewer, 'film', still + FPS);
    const [{ state, position }] = await jobsOf(server);
    assert.equal(state, 'running');
    assert.ok(position <= SECONDS * 1000, `${position} ms`);
    await server.command('jobs.stop', { job });
    await viewer.awaitGone('film', 'the film', GONE_MS);
    assert.deepEqual(await jobsOf(server), []);
  });
}

async function playsTwiceByRedis(server, redis) {
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'cinema', { publish: false });
    const reply = await runJobByRedis(redis, 'cinema', 'PlayFile', { filename: 'test.video', repeat: 1 });
    const [{ job, uid }] = await jobsOf(server);
    assert.ok(reply.includes(job), JSON.stringify(reply));
    assert.match(uid, /^job-PlayFile-\w{16}$/);
    await seen(viewer, uid, ROUND + 5); // More than there are in it: some of the first ones came before the viewer was asked.
    await viewer.awaitGone(uid, 'the film', GONE_MS);
    assert.deepEqual(await jobsOf(server), []);
  });
}

/** All at once: one file after the other would take as long again. */
async function playsEachCodec(server, folder) {
  for (const [name, options] of Object.entries(FILES)) encode(join(folder, name), options);
  encode(join(folder, 'sound.ogg'), [], SOUND);
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'cinema', { publish: false });
    const names = [...Object.keys(FILES), 'sound.ogg'];
    for (const name of names) {
      await server.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options: { filename: name, repeat: -1, name } });
    }
    for (const name of Object.keys(FILES)) {
      await seen(viewer, name, ROUND + FPS);
      const { codec } = await viewer.received(name, 'video');
      assert.equal(codec.toLowerCase(), `video/${name.split('.')[0]}`);
    }
    await until('the sound is heard', SEEN_MS, async () => {
      return (await viewer.received('sound.ogg', 'audio'))?.totalAudioEnergy > 0;
    });
    assert.equal(await viewer.received('sound.ogg', 'video'), undefined);
    const jobs = await jobsOf(server);
    assert.deepEqual(jobs.map(({ state }) => state), names.map(() => 'running'));
    for (const { job } of jobs) await server.command('jobs.stop', { job });
  });
}

/** Which of red, green and blue is the most of what is shown. */
async function colorOf(viewer, stream) {
  const color = await viewer.do('colorOf', stream);
  const most = Math.max(...color);
  return most < 50 ? 'none' : ['red', 'green', 'blue'][color.indexOf(most)];
}

async function goesElsewhere(server, folder) {
  encodeColors(join(folder, 'colors.webm'));
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'cinema', { publish: false });
    const options = { filename: 'colors.webm', repeat: -1, name: 'film' };
    const { job } = await server.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options });
    const shows = async (color) => until(color, SEEN_MS, async () => (await colorOf(viewer, 'film')) === color);
    await shows('red');
    // It stands still, so that nothing but the seek can bring another color.
    await server.command('jobs.control', { job, action: 'pause' });
    for (const [position, color] of [[11_500, 'green'], [6500, 'blue'], [500, 'red']]) {
      await server.command('jobs.control', { job, action: 'seek', position });
      await server.command('jobs.control', { job, action: 'resume' });
      const { elapsedMs } = await shows(color);
      await server.command('jobs.control', { job, action: 'pause' });
      report(`${color} ${elapsedMs} ms after the seek to ${position} ms`);
    }
    await server.command('jobs.stop', { job });
  });
}

async function playsUrls(server, webPort) {
  const url = (path) => `http://127.0.0.1:${webPort}/${path}`;
  await withParticipants(async (open) => {
    const viewer = await open('viewer');
    await viewer.join(server, 'cinema', { publish: false });
    const play = (name, filename) => {
      return server.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options: { filename, name, repeat: -1 } });
    };
    const { job } = await play('film', url('films/moved.webm'));
    await seen(viewer, 'film', ROUND + FPS);
    await server.command('jobs.stop', { job });
    await play('outside', url('secret.webm'));
    await play('led', url('films/out.webm'));
    await play('gone', url('films/gone.webm'));
    const { value: failures } = await until('the jobs have failed', SEEN_MS, async () => {
      const failed = (await jobsOf(server)).filter(({ state }) => state === 'failed');
      const words = Object.fromEntries(failed.map(({ uid, failure }) => [uid, failure]));
      return words.outside && words.led && words.gone && words;
    });
    for (const failure of Object.values(failures)) report(failure);
    assert.match(failures.outside, /below none that are listed/);
    assert.match(failures.led, /below none that are listed/);
    assert.match(failures.gone, /the answer is 404/);
  });
}

async function saysWhatIsNotThere(server) {
  await server.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options: { filename: '../../etc/passwd' } });
  await until('the job has failed', SEEN_MS, async () => (await jobsOf(server))[0]?.state === 'failed');
  const [{ failure }] = await jobsOf(server);
  report(failure);
  assert.match(failure, /^cannot be played: there is no file/);
  await until('nobody is there', GONE_MS, async () => (await server.metrics()).noir_peers === 0); // Nor the viewer of before.
}

test('files are played into a room', { timeout: 300_000 }, async (t) => {
  await withFolder((folder) => withWebServer(folder, (port) => withServer(folder, port, async (server, redis) => {
    await t.test('on and on, but for a pause, until it is stopped', () => playsOnAndOn(server));
    await t.test("twice, by the original's protobuf through Redis", () => playsTwiceByRedis(server, redis));
    await t.test('in each codec, and sound alone', () => playsEachCodec(server, folder));
    await t.test('from another place on', () => goesElsewhere(server, folder));
    await t.test('or not, if there is no such file', () => saysWhatIsNotThere(server));
    await t.test('from another host, if that is listed', () => playsUrls(server, port));
  })));
});

test('a file goes on at another server when that of its room is killed', { timeout: 180_000 }, async () => {
  await withFolder(async (folder) => {
    const settings = { 'noir.playing.directory': folder };
    const cluster = await Cluster.start([settings, settings]);
    try {
      const { owner, keeper } = await cluster.openRoom('cinema');
      const [other] = cluster.others(owner);
      await withParticipants(async (open) => {
        const viewer = await open('viewer');
        await viewer.join(other, 'cinema', { publish: false });
        keeper.close();
        const options = { repeat: -1, name: 'film' };
        await other.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options });
        await seen(viewer, 'film', FPS);
        await owner.stop('SIGKILL');
        const { elapsedMs } = await until('both are at the other', TAKEN_OVER_MS, async () => {
          return (await other.metrics()).noir_peers === 2;
        });
        report(`${elapsedMs} ms after its host was killed, the room has it again`);
        const { framesDecoded: before } = (await viewer.received('film', 'video')) ?? { framesDecoded: 0 };
        await seen(viewer, 'film', before + FPS);
        assert.equal((await jobsOf(other))[0].state, 'running');
      });
    } finally {
      await cluster.stop();
    }
  });
});
