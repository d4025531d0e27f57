// What a recorded call leaves on disk: all pictures that got through, playable, also after the worst.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { installClapper, offsetsIn } from './lib/clapper.mjs';
import { Cluster } from './lib/cluster.mjs';
import { TOKEN } from './lib/console_page.mjs';
import { size } from './lib/long.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { picturesOf, watchFor } from './lib/watching.mjs';
import { report, until } from './lib/wait.mjs';

const LOST = 0.05;
const CALL_MS = size({ short: 15_000, long: 60_000 });
const WRITTEN_MS = 8000;
const CLAPS_MS = 8000;
const APART_MS = 20;
// When packets of the last pictures get lost, nothing tells that they are missing.
const TAIL = 2;
const KILLED_AFTER_MS = 8000;
const MAY_BE_LOST_MS = 2000;
const ALL_SENT_MS = 5000;
const FULL_MS = 30_000;
const TAKEN_OVER_MS = 40_000;
const GOES_ON_MS = 3000;
// VP9 begins with it, and need not become larger, for which there would be another file.
const SMALL = { width: 320, height: 180 };

/** Starts a server that records into a folder of its own, and runs with both. */
async function withRecordings(settings, run) {
  const folder = mkdtempSync(join(tmpdir(), 'noir-recordings-'));
  const server = await newServer({
    'noir.admin.token': TOKEN,
    'noir.recording.directory': folder,
    'noir.recording.automatic': 'recorded*',
    'noir.recording.free': 0,
    ...settings,
  });
  await server.start();
  try {
    await run(server, folder);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** The descriptions in a room's folder, in the order of time. */
function described(folder, room) {
  const path = join(folder, room);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ path: join(path, name.replace(/\.json$/, '')), ...JSON.parse(readFileSync(join(path, name), 'utf8')) }));
}

/** What ffprobe finds when it decodes everything; whatever it complains of is an error. */
function probe(path) {
  const { stdout, stderr } = spawnSync('ffprobe', [
    ...['-v', 'warning', '-count_frames', '-show_streams', '-show_format', '-of', 'json', path],
  ]);
  assert.equal(String(stderr), '', `ffprobe of ${path}`);
  return JSON.parse(stdout);
}

/** Plays it in a page to its end, after a jump into its middle. */
async function play(page, path) {
  return page.evaluate(async ([base64, type]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.src = URL.createObjectURL(new Blob([bytes], { type }));
    const once = (event) => new Promise((resolve, reject) => {
      video.addEventListener(event, resolve, { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
    });
    await once('loadedmetadata');
    const { duration, videoWidth } = video;
    video.currentTime = duration / 2;
    await once('seeked');
    const jumpedTo = video.currentTime;
    video.muted = true;
    video.playbackRate = 4;
    await video.play();
    await once('ended');
    const pictures = video.getVideoPlaybackQuality().totalVideoFrames;
    return { duration, videoWidth, jumpedTo, end: video.currentTime, pictures, soundBytes: video.webkitAudioDecodedByteCount };
  }, [readFileSync(path).toString('base64'), path.endsWith('.mp4') ? 'video/mp4' : 'video/webm']);
}

const needsRoot = { timeout: 240_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

test(`a call of which ${LOST * 100} % get lost is recorded`, needsRoot, async () => {
  const line = await ThinLine.open();
  try {
    await withRecordings({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` }, async (server, folder) => {
      line.loseOfClient(LOST);
      await withParticipants(async (open) => {
        const anna = await open('anna', { line, camera: installNoisyCamera });
        const ben = await open('ben');
        await ben.join(server, 'recorded', { publish: false });
        const url = server.signalling.replace('localhost', line.serverAddress);
        await anna.join(server, 'recorded', { resolution: 'vga', retransmits: true, url });
        await ben.awaitMediaOf(anna);
        await watchFor(CALL_MS, anna, [ben]);
        await anna.page.evaluate(() => window.stopCamera());
        const { value: sent } = await until('all pictures are sent', ALL_SENT_MS, () => settled(anna));
        await server.command('rooms.record', { room: 'recorded', enabled: false });
        const files = await ended(folder, 'recorded');
        await assertComplete(server, files, sent);
        await assertPlays(ben.page, files);
      });
    });
  } finally {
    await line.close();
  }
});

/** How many pictures have been sent, when that does not grow any more; else false. */
async function settled(publisher) {
  const before = await picturesOf(publisher);
  await publisher.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  return (await picturesOf(publisher)) === before && before;
}

async function ended(folder, room) {
  await until('the files are ended', WRITTEN_MS, () => {
    const files = described(folder, room);
    return files.length > 0 && files.every((file) => file.ended > 0);
  });
  return described(folder, room);
}

async function assertComplete(server, files, sent) {
  let pictures = 0;
  const lost = {};
  for (const file of files) {
    const { streams, format } = probe(file.path);
    assert.deepEqual(streams.map(({ codec_name: codec }) => codec), file.tracks.map(({ codec }) => codec));
    for (const [i, { nb_read_frames: frames }] of streams.entries()) assert.equal(Number(frames), file.tracks[i].frames);
    assert.ok(Math.abs(format.duration * 1000 - (file.ended - file.started)) < 100, `${format.duration} s`);
    pictures += file.tracks.find(({ codec }) => codec === 'vp8')?.frames ?? 0;
    for (const { codec, lostPackets } of file.tracks) lost[codec] = (lost[codec] ?? 0) + lostPackets;
    assert.equal(file.droppedFrames, 0);
  }
  report(`${pictures} pictures of ${sent} in ${files.length} files; packets that never came: ${JSON.stringify(lost)}`);
  // Nobody asks for sound again.
  assert.equal(lost.vp8, 0, 'every packet could be repeated');
  assert.ok(pictures >= sent - TAIL, `${pictures} of ${sent}`);
  const { recordings } = await server.command('recordings.list', { room: 'recorded' });
  assert.deepEqual(recordings.map(({ file }) => file).sort(), files.map(({ file }) => file).sort());
}

async function assertPlays(page, files) {
  const longest = files.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  const played = await play(page, longest.path);
  report(`${longest.file}: ${longest.bytes} bytes, ${JSON.stringify(played)}`);
  const seconds = (longest.ended - longest.started) / 1000;
  assert.ok(Math.abs(played.duration - seconds) < 0.5, `${played.duration} s of ${seconds}`);
  assert.ok(played.jumpedTo > 0 && played.end >= played.duration - 0.5);
  assert.ok(played.pictures > 0 && played.soundBytes > 0);
}

test('sound and picture stay together, in WebM and in MP4', { timeout: 120_000 }, async () => {
  await withRecordings({ 'noir.recording.format': 'mp4' }, async (server, folder) => {
    await withParticipants(async (open) => {
      const [anna, ben] = await Promise.all(['anna', 'ben'].map((name) => open(name, { camera: installClapper })));
      await Promise.all([anna.join(server, 'recorded'), ben.join(server, 'recorded', { codec: 'h264' })]);
      await Promise.all([anna.awaitMediaOf(ben), ben.awaitMediaOf(anna)]);
      const last = () => described(folder, 'recorded').at(-1);
      await until('claps are recorded', CLAPS_MS + WRITTEN_MS, () => last() && Date.now() - last().started > CLAPS_MS);
      await server.command('rooms.record', { room: 'recorded', enabled: false });
      const files = await ended(folder, 'recorded');
      const kinds = ['vp8', 'h264'].map((codec) => files.filter(({ tracks }) => tracks.some((track) => track.codec === codec)));
      kinds.forEach(assertTogether);
      const [, mp4] = kinds;
      assert.ok(mp4.every(({ file }) => file.endsWith('.mp4')));
      assert.ok(kinds[0].every(({ file }) => file.endsWith('.webm')), 'VP8 is not for MP4');
      await assertPlays(anna.page, mp4);
      mp4.forEach(assertClean);
      assertPlaysWhereverItIsCut(mp4.reduce((one, other) => (other.bytes > one.bytes ? other : one)), folder);
    });
  });
});

function assertTogether(files) {
  const offsets = files.flatMap(({ path, tracks }) => (tracks.length < 2 ? [] : offsetsIn(path)));
  report(`sound after picture, in ms: ${offsets.map((ms) => ms.toFixed(1)).join(' ')}`);
  assert.ok(offsets.length >= CLAPS_MS / 2000, `${offsets.length} claps`);
  const mean = offsets.reduce((sum, ms) => sum + ms, 0) / offsets.length;
  assert.ok(Math.abs(mean) <= APART_MS, `${mean} ms`);
}

/** Of a file of MP4, where its fragments end. */
function fragmentEnds(bytes) {
  const ends = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'mdat') ends.push(at + bytes.readUInt32BE(at));
  }
  return ends;
}

/** Of a file that is cut off where a fragment ends, nobody complains; where it does not, all that is before it is there. */
function assertPlaysWhereverItIsCut(file, folder) {
  const total = file.tracks.reduce((sum, { frames }) => sum + frames, 0);
  const bytes = readFileSync(file.path);
  const cut = join(folder, 'cut.mp4');
  const framesUntil = (end) => {
    writeFileSync(cut, bytes.subarray(0, end));
    const { stdout, stderr } = spawnSync('ffprobe', ['-v', 'error', '-count_packets', '-show_streams', '-of', 'json', cut]);
    const counts = JSON.parse(stdout).streams.map((stream) => Number(stream.nb_read_packets ?? 0));
    return { complaints: String(stderr), frames: counts.reduce((sum, count) => sum + count, 0), hasAll: counts.every((count) => count > 0) };
  };
  const ends = fragmentEnds(bytes);
  let before = 0;
  for (const end of ends) {
    const { complaints, frames, hasAll } = framesUntil(end);
    assert.ok(frames > before, `${frames} frames until ${end}`);
    if (hasAll) assert.equal(complaints, '', `cut at ${end}`);
    before = frames;
  }
  assert.equal(before, total);
  const middle = ends[ends.length >> 1];
  bytes.write('free', middle + 4, 'latin1'); // As it is until all of it has been written.
  assert.equal(framesUntil(middle + 100).frames, framesUntil(middle).frames, 'in the middle of a fragment');
  report(`${total} frames in ${ends.length} fragments, of which each can be the last`);
}

/** What decodes all of it has nothing to complain of, and the frames that it should have. */
function assertClean(file) {
  const { streams } = probe(file.path);
  for (const [i, { nb_read_frames: frames }] of streams.entries()) assert.equal(Number(frames), file.tracks[i].frames);
  const asTheyAre = ['-fps_mode', 'passthrough', '-enc_time_base', '-1']; // Else two pictures may come to be at one time.
  const { stderr } = spawnSync('ffmpeg', ['-v', 'error', '-i', file.path, ...asTheyAre, '-f', 'null', '-']);
  assert.equal(String(stderr), '', file.file);
}

/** A file that nobody has ended has nearly all of what was said before. */
function assertThereUntil(file, killedAt) {
  const end = Number(
    execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file.path])
      .toString()
      .trim()
      .split('\n')
      .at(-1)
      .replace(',', ''),
  );
  const lostMs = killedAt - (file.started + 1000 * end);
  report(`${end} s are there, ${lostMs} ms are not`);
  assert.ok(lostMs < MAY_BE_LOST_MS, `${lostMs} ms of it are lost`);
}

test('kill -9 of the server', { timeout: 120_000 }, async () => {
  await withRecordings({ 'noir.recording.format': 'mp4' }, async (server, folder) => {
    await withParticipants(async (open) => {
      const [anna, ben] = await Promise.all([open('anna', { camera: installNoisyCamera, size: SMALL }), open('ben')]);
      await ben.join(server, 'recorded', { publish: false });
      await anna.join(server, 'recorded', { codec: 'vp9' });
      await ben.awaitMediaOf(anna);
      await until('a file has begun', WRITTEN_MS, () => described(folder, 'recorded').length > 0);
      await until('some seconds', 2 * KILLED_AFTER_MS, () => Date.now() - described(folder, 'recorded').at(-1).started > KILLED_AFTER_MS);
      const killedAt = Date.now();
      await server.stop('SIGKILL');
      const last = described(folder, 'recorded').at(-1);
      assert.equal(last.ended, 0, 'nobody has ended it');
      assert.ok(last.file.endsWith('.mp4'));
      assertThereUntil(last, killedAt);
    });
  });
});

test('a disk that is full ends the recording, not the call', { timeout: 120_000 }, async () => {
  await withRecordings({ 'noir.recording.quota': 1 }, async (server, folder) => {
    await withParticipants(async (open) => {
      const [anna, ben] = await Promise.all([open('anna', { camera: installNoisyCamera }), open('ben')]);
      await ben.join(server, 'recorded', { publish: false });
      await anna.join(server, 'recorded', { resolution: 'vga' });
      await ben.awaitMediaOf(anna);
      await until('the recording has ended', FULL_MS, async () => {
        const { events } = await server.command('events.replay', { room: 'recorded' });
        return events.some(({ type, data }) => type === 'room.recorded' && !data.recorded);
      });
      const [seen] = await watchFor(2000, anna, [ben]);
      assert.ok(seen.frames > 0, 'the call goes on');
      const file = (await ended(folder, 'recorded')).at(-1); // Earlier ones end when the picture becomes another size.
      assert.equal(file.why, 'failed');
      probe(file.path);
      assert.equal((await server.metrics()).noir_recording_failures_total, 1);
    });
  });
});

/** Starts two nodes that record into a folder each, and runs with both. */
async function withTwoNodes(run) {
  const folders = ['a', 'b'].map((name) => mkdtempSync(join(tmpdir(), `noir-recordings-${name}-`)));
  const cluster = await Cluster.start(
    folders.map((folder) => ({ 'noir.recording.directory': folder, 'noir.recording.free': '0' })),
  );
  try {
    await run(cluster, (node) => folders[cluster.nodes.indexOf(node)]);
  } finally {
    await cluster.stop();
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

test('a recording goes on at another server when that of its room is killed', { timeout: 180_000 }, async () => {
  await withTwoNodes(async (cluster, folderOf) => {
    await cluster.nodes[0].command('rooms.create', { room: 'kept', record: true });
    const { owner, keeper } = await cluster.openRoom('kept');
    const [other] = cluster.others(owner);
    await withParticipants(async (open) => {
      const [anna, ben] = await Promise.all([open('anna', { camera: installNoisyCamera }), open('ben')]);
      await ben.join(other, 'kept', { publish: false });
      await anna.join(other, 'kept');
      keeper.close();
      await ben.awaitMediaOf(anna);
      const last = (node) => described(folderOf(node), 'kept').at(-1);
      await until('some seconds are recorded', 3 * KILLED_AFTER_MS, () => last(owner) && Date.now() - last(owner).started > KILLED_AFTER_MS);
      assert.equal(last(other), undefined, 'who hosts the room records it');

      const killedAt = Date.now();
      await owner.stop('SIGKILL');
      assert.equal(last(owner).ended, 0, 'nobody has ended it');
      assertThereUntil(last(owner), killedAt);

      await until('the other server records', TAKEN_OVER_MS, () => last(other));
      report(`${last(other).started - killedAt} ms of the call are in no file`);
      await until('some more seconds', TAKEN_OVER_MS, () => Date.now() - last(other).started > GOES_ON_MS);
      await other.command('rooms.record', { room: 'kept', enabled: false });
      const files = await ended(folderOf(other), 'kept');
      assert.equal(files.at(-1).why, 'stopped');
      const pictures = files.flatMap(({ path }) => probe(path).streams).filter(({ codec_name: codec }) => codec === 'vp8');
      const frames = pictures.reduce((sum, { nb_read_frames: count }) => sum + Number(count), 0);
      report(`${frames} pictures at the other server`);
      assert.ok(frames > GOES_ON_MS / 100, `${frames} pictures`);
    });
  });
});
