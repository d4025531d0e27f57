// What somebody shows in a room, sent on to a server of RTMP, or shown by HLS, whatever dies on the way.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ADMIN_TOKEN } from './lib/cluster.mjs';
import { withParticipants } from './lib/participant.mjs';
import { SUITE } from './lib/paths.mjs';
import { RtmpReceiver } from './lib/rtmp_receiver.mjs';
import { freeTcpPort, newServer } from './lib/server.mjs';
import { testPage } from './lib/test_pages.mjs';
import { report, until } from './lib/wait.mjs';

const FPS = 15;
const SEEN_BYTES = 60_000; // Some seconds of both films.
const RUNS_MS = 30_000;
const GONE_MS = 8000;
const LIVE_MS = 6000;
const KEY = 'hush';

function makeFilm(path, ...codec) {
  const { status, stderr } = spawnSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=320x240:rate=${FPS}`, '-f', 'lavfi', '-i', 'sine=frequency=440'],
    ...['-t', '4', ...codec, '-b:v', '300k', '-g', String(FPS), '-pix_fmt', 'yuv420p', '-c:a', 'libopus', '-f', 'matroska', path],
  ]);
  assert.equal(status, 0, String(stderr));
}

/** Starts a server in whose room a film in H264 is shown, and runs with both. */
async function withFilm(run) {
  const folder = mkdtempSync(join(tmpdir(), 'noir-restreaming-'));
  makeFilm(join(folder, 'h264.mkv'), '-c:v', 'libx264', '-profile:v', 'baseline');
  makeFilm(join(folder, 'vp8.mkv'), '-c:v', 'libvpx', '-deadline', 'realtime');
  const server = await newServer({
    'noir.playing.directory': folder,
    'noir.admin.token': ADMIN_TOKEN,
    'noir.restreaming.ffmpeg': '/usr/bin/ffmpeg',
    'noir.restreaming.private': true,
  });
  try {
    await server.start();
    await play(server, 'h264.mkv', 'film');
    await run(server, folder);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function play(server, filename, name) {
  await server.command('jobs.start', { kind: 'PlayFile', room: 'stage', options: { filename, repeat: -1, name } });
  await until(`${name} plays`, RUNS_MS, async () => {
    return (await jobs(server)).some(({ uid, state, position }) => uid === name && state === 'running' && position > 0);
  });
}

const jobs = async (server) => (await server.command('jobs.list', {})).jobs;
const jobOf = async (server, name) => (await jobs(server)).find(({ job }) => job === name);
const send = (server, options) => server.command('jobs.start', { kind: 'RTMPSend', room: 'stage', options });

/** The processes that the server has started. */
function children(server) {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1] === String(server.pid);
    } catch {
      return false; // It has ended meanwhile.
    }
  }).map(Number);
}

async function comes(server, job, receiver) {
  const { elapsedMs } = await until(`${job} brings its stream`, RUNS_MS, async () => {
    const { state, says, failure } = await jobOf(server, job);
    assert.notEqual(state, 'failed', failure);
    assert.ok(!says?.includes(KEY), says);
    return state === 'running' && receiver.bytes > SEEN_BYTES;
  });
  report(`${receiver.bytes} bytes after ${elapsedMs} ms`);
}

async function comesAndComesAgain(server, folder) {
  const port = await freeTcpPort();
  const first = new RtmpReceiver(port, join(folder, 'first.flv'));
  let second = null;
  try {
    const { job, uid } = await send(server, { destination: `rtmp://127.0.0.1:${port}/live/${KEY}`, source_user_id: 'film' });
    assert.ok(uid === 'film' || uid === undefined, uid);
    await comes(server, job, first);
    const [ffmpeg, ...others] = children(server);
    assert.deepEqual(others, []);
    process.kill(ffmpeg, 'SIGKILL');
    await first.ended;
    second = new RtmpReceiver(port, join(folder, 'second.flv'));
    await comes(server, job, second);
    assert.notEqual(children(server)[0], ffmpeg);
    assert.equal((await jobs(server)).find(({ kind }) => kind === 'PlayFile').state, 'running', 'the call goes on');
    assert.equal((await server.metrics()).noir_peers, 1);
    await server.command('jobs.stop', { job });
    await until('no process is left', GONE_MS, () => children(server).length === 0);
    assert.equal(await jobOf(server, job), undefined);
    for (const receiver of [first, second]) {
      await receiver.ended;
      const { h264, aac } = receiver.frames();
      report(`${h264} pictures, ${aac} frames of sound`);
      assert.ok(h264 >= 2 * FPS && aac > 0, JSON.stringify({ h264, aac }));
    }
  } finally {
    await first.stop();
    await second?.stop();
  }
}

async function tellsWhyItWaits(server) {
  const port = await freeTcpPort();
  const { job } = await send(server, { url: `rtmp://127.0.0.1:${port}/live/${KEY}` });
  const { value } = await until('it waits', RUNS_MS, async () => {
    const { state, says } = await jobOf(server, job);
    return state === 'waiting' && says;
  });
  report(value);
  assert.match(value, /Connection refused; tried again within \d+ s, after \d+ failures?$/);
  await server.command('jobs.stop', { job });
  await until('no process is left', GONE_MS, () => children(server).length === 0);
  assert.ok(!readFileSync(server.log, 'utf8').includes(KEY), 'the key is in the log');
}

async function refusesInWords(server) {
  for (const [url, words] of [
    ['http://127.0.0.1/live/hush', /has to begin with rtmp/],
    ['rtmp://127.0.0.1/', /no application/],
    ['rtmp://2130706433/live/hush', /neither a name nor an address/],
  ]) {
    await assert.rejects(send(server, { url }), words);
  }
  const elsewhere = { kind: 'RTMPSend', room: 'elsewhere', options: { url: 'rtmp://127.0.0.1/live/hush' } };
  await assert.rejects(server.command('jobs.start', elsewhere), /nobody is in that room/);
  await play(server, 'vp8.mkv', 'vp8');
  const { job } = await send(server, { url: 'rtmp://127.0.0.1/live/hush', peer: 'vp8' });
  const { value } = await until('it has failed', RUNS_MS, async () => (await jobOf(server, job)).failure);
  assert.match(value, /^RTMP takes H264, and this is vp8/);
}

test('a stream is sent to a server of RTMP', { timeout: 180_000 }, async (t) => {
  await withFilm(async (server, folder) => {
    await t.test('and again after its process was killed, until it is stopped', () => comesAndComesAgain(server, folder));
    await t.test('or waits for a server, and says so', () => tellsWhyItWaits(server));
    await t.test('or not, if that cannot be', () => refusesInWords(server));
  });
});

/** Plays a stream in a page, and says how far behind it is. */
async function watch(page, url) {
  await page.addScriptTag({ path: `${SUITE}node_modules/hls.js/dist/hls.min.js` });
  await page.evaluate((address) => {
    const video = document.createElement('video');
    video.muted = true;
    document.body.append(video);
    const hls = new window.Hls({ liveSyncDurationCount: 2 });
    window.watching = { video, hls, errors: [] };
    hls.on(window.Hls.Events.ERROR, (_, { details, fatal }) => {
      window.watching.errors.push(details);
      if (fatal) hls.startLoad();
    });
    hls.attachMedia(video);
    hls.loadSource(address);
    void video.play();
  }, url);
}

const watched = (page) => page.evaluate(() => {
  const { video, hls, errors } = window.watching;
  return {
    pictures: video.getVideoPlaybackQuality().totalVideoFrames,
    width: video.videoWidth,
    behindMs: hls.playingDate ? Date.now() - hls.playingDate.getTime() : Infinity,
    errors: errors.slice(-5),
  };
});

async function seesPictures(page, more) {
  const { pictures: before } = await watched(page);
  let now = {};
  const { elapsedMs } = await until(`${more} pictures, ${LIVE_MS} ms behind at most`, RUNS_MS, async () => {
    now = await watched(page);
    return now.pictures >= before + more && now.behindMs <= LIVE_MS;
  }).catch((error) => Promise.reject(new Error(`${error.message}: ${JSON.stringify(now)}`)));
  report(`${now.pictures - before} pictures after ${elapsedMs} ms, ${now.behindMs} ms behind`);
}

test('a call is shown by HLS', { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'noir-hls-'));
  const server = await newServer({
    'noir.admin.token': ADMIN_TOKEN,
    'noir.restreaming.ffmpeg': '/usr/bin/ffmpeg',
    'noir.restreaming.hls.directory': folder,
  });
  try {
    await server.start();
    await withParticipants(async (open) => {
      const [anna, viewer] = await Promise.all([open('anna'), open('viewer')]);
      await anna.join(server, 'stage', { codec: 'h264' });
      const start = { kind: 'HLS', room: 'stage', options: { peer: 'anna', name: 'stage' } };
      const { job, address } = await server.command('jobs.start', start);
      assert.equal(address, 'hls/stage/index.m3u8');
      const url = `${server.pages}${address}`;
      const { elapsedMs } = await until('there is something to play', RUNS_MS, async () => (await fetch(url)).ok);
      report(`the playlist is there after ${elapsedMs} ms`);
      await answersOnlyWhatItShould(server, url);
      await watch(viewer.page, url);
      await seesPictures(viewer.page, 20);
      const [ffmpeg] = children(server);
      process.kill(ffmpeg, 'SIGKILL');
      await until('there is a discontinuity', RUNS_MS, async () => (await (await fetch(url)).text()).includes('#EXT-X-DISCONTINUITY\n'));
      await seesPictures(viewer.page, 20);
      assert.equal((await server.metrics()).noir_peers, 1, 'the call goes on');
      await server.command('jobs.stop', { job });
      await until('nothing is left', GONE_MS + 5000, async () => {
        return children(server).length === 0 && readdirSync(folder).length === 0 && (await fetch(url)).status === 404;
      });
    });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

async function answersOnlyWhatItShould(server, url) {
  const allowed = server.settings['noir.allowed-origins'] ?? new URL(await testPage()).origin;
  const playlist = await fetch(url, { headers: { origin: allowed } });
  assert.equal(playlist.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  assert.equal(playlist.headers.get('cache-control'), 'no-store');
  assert.equal(playlist.headers.get('access-control-allow-origin'), allowed);
  const [segment] = (await playlist.text()).match(/^\d+\/\d+\.m4s$/m);
  const bytes = await fetch(new URL(segment, url));
  assert.equal(bytes.headers.get('content-type'), 'video/mp4');
  assert.ok((await bytes.arrayBuffer()).byteLength > 0);
  assert.equal((await fetch(url, { headers: { origin: 'https://evil.example' } })).status, 403);
  for (const path of ['1/index.m3u8', '1/%2e%2e/.noir-hls', '.noir-hls', '1/999999.m4s', '../other/index.m3u8']) {
    assert.ok([400, 404].includes((await fetch(new URL(path, url))).status), path);
  }
}
