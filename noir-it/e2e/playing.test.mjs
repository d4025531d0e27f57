// A file that is played into a room, by each of the doors that the original's backends and ours have.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

/** Starts Redis and a server that plays it, and runs with both. */
async function withServer(folder, run) {
  const redis = await Redis.start();
  try {
    const server = await newServer({
      'noir.playing.directory': folder,
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
  const { status, stderr } = spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=320x240:rate=${FPS}`, '-f', 'lavfi', '-i', 'sine=frequency=440'],
    ...['-t', String(SECONDS), '-c:v', 'libvpx', '-deadline', 'realtime', '-b:v', '300k', '-g', String(FPS)],
    ...['-c:a', 'libopus', '-f', 'webm', path],
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

async function saysWhatIsNotThere(server) {
  await server.command('jobs.start', { kind: 'PlayFile', room: 'cinema', options: { filename: '../../etc/passwd' } });
  await until('the job has failed', SEEN_MS, async () => (await jobsOf(server))[0]?.state === 'failed');
  const [{ failure }] = await jobsOf(server);
  report(failure);
  assert.match(failure, /^cannot be played: there is no file/);
  await until('nobody is there', GONE_MS, async () => (await server.metrics()).noir_peers === 0); // Nor the viewer of before.
}

test('files are played into a room', { timeout: 180_000 }, async (t) => {
  await withFolder((folder) => withServer(folder, async (server, redis) => {
    await t.test('on and on, but for a pause, until it is stopped', () => playsOnAndOn(server));
    await t.test("twice, by the original's protobuf through Redis", () => playsTwiceByRedis(server, redis));
    await t.test('or not, if there is no such file', () => saysWhatIsNotThere(server));
  }));
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
