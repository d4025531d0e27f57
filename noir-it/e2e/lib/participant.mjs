// One participant of a call: a tab with pages/call.html, in Chromium or Firefox.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { chromiumContext, firefoxPage } from './browsers.mjs';
import { OUTPUT } from './paths.mjs';
import { testPage } from './test_pages.mjs';
import { report, until } from './wait.mjs';

const MEDIA_DEADLINE_MS = 10_000;

export class Participant {
  constructor(name, page, context) {
    this.name = name;
    this.page = page;
    this.context = context;
    this.console = [];
    page.on('console', (message) => this.console.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => this.console.push(`error ${error.message ?? error}`));
  }

  /**
   * @param {{ browser?: 'chromium' | 'firefox', line?: import('./thin_line.mjs').ThinLine, context?: object,
   *   camera?: (size?: { width: number, height: number }) => void, size?: { width: number, height: number }, page?: string }} options
   *   camera: installs another one in a page of Chromium, with pictures of this size
   */
  static async open(name, options = {}) {
    const address = await testPage(options.page);
    const firefox = options.browser === 'firefox';
    const context = firefox ? null : await (options.line?.context() ?? chromiumContext(options.context));
    if (options.camera) await context.addInitScript(options.camera, options.size);
    const page = firefox ? await (options.line?.firefoxPage() ?? firefoxPage()) : await context.newPage();
    const participant = new Participant(name, page, context);
    await page.goto(address);
    await until(`${name}: the call page`, MEDIA_DEADLINE_MS, async () => (await page.title()) === 'ready');
    return participant;
  }

  /** Runs a function of window.call. */
  do(action, options) {
    return this.page.evaluate(([name, argument]) => window.call[name](argument), [action, options ?? null]);
  }

  /**
   * @param {{ version?: string, codec?: string, publish?: boolean, resolution?: string, encodings?: object[],
   *   simulcast?: boolean, retransmits?: boolean, fingerprint?: 'another' | 'several', url?: string }} options
   */
  async join(server, room, options = {}) {
    const joinMs = await this.do('start', {
      version: '1.8.2',
      codec: 'vp8',
      publish: true,
      // Small pictures: two processors encode and decode for up to three browsers.
      resolution: 'qvga',
      url: server.signalling,
      ...options,
      room,
      uid: this.name,
    });
    report(`${this.name}: joined ${room} in ${joinMs} ms`);
  }

  async received(stream, kind) {
    return (await this.do('received')).find((entry) => entry.stream === stream && entry.kind === kind);
  }

  /** Waits until the other's picture is decoded and its sound is heard. */
  async awaitMediaOf(other) {
    const stream = await other.do('localStream');
    const { elapsedMs } = await until(`${this.name} sees and hears ${other.name}`, MEDIA_DEADLINE_MS, async () => {
      const video = await this.received(stream, 'video');
      const audio = await this.received(stream, 'audio');
      return video?.framesDecoded > 0 && audio?.packetsReceived > 0 && audio.totalSamplesReceived > 0;
    });
    report(`${this.name}: sees and hears ${other.name} after ${elapsedMs} ms`);
  }

  /** @returns milliseconds until nothing of the other was left */
  async awaitGone(stream, who, deadlineMs) {
    const { elapsedMs } = await until(`${this.name} drops ${who}`, deadlineMs, async () => {
      return !(await this.do('streams')).includes(stream);
    });
    report(`${this.name}: dropped ${who} after ${elapsedMs} ms`);
    return elapsedMs;
  }

  /** Writes what is known about a failed test to a file, and says where. */
  async dump() {
    const file = `${OUTPUT}failed-${this.name}-${Date.now()}.json`;
    const state = await this.do('dump').catch((error) => String(error));
    writeFileSync(file, JSON.stringify({ console: this.console, state }, null, 1));
    report(`${this.name}: console and statistics are in ${file}`);
    for (const line of this.console.slice(-15)) report(`${this.name}: ${line}`);
  }

  async close() {
    if (this.context) await this.context.close();
    else if (!this.page.isClosed()) await this.page.close();
  }
}

/**
 * Opens participants, runs the test, closes them; what they saw is kept when it fails.
 *
 * @param {(open: (name: string, options?: object) => Promise<Participant>) => Promise<void>} test
 */
export async function withParticipants(test) {
  const opened = [];
  try {
    await test(async (name, options) => {
      const participant = await Participant.open(name, options);
      opened.push(participant);
      return participant;
    });
  } catch (error) {
    for (const participant of opened) if (!participant.page.isClosed()) await participant.dump();
    throw error;
  } finally {
    await Promise.all(opened.map((participant) => participant.close()));
  }
}

const ATTEMPTS = 3;
const STALL_MS = 60;
const BUSY = 2 * cpus().length;
// Pictures that a camera may be behind in any while: they do not begin with it.
const LEFT_OUT = 1;

/**
 * Pictures and sound go on flowing without a stop for a while.
 *
 * On a machine that is busy with something else the browsers themselves stand still at times, or their cameras leave
 * pictures out. A freeze then says nothing about the server: the while begins anew. A fault of the server would show in
 * every one.
 */
export async function assertFlows(pairs, durationMs) {
  const pages = [...new Set(pairs.flat())];
  for (let attempt = 1; ; attempt++) {
    await takeStall(pages);
    const cameras = await Promise.all(pages.map((page) => page.do('captured')));
    try {
      return await assertFlowsNow(pairs, durationMs);
    } catch (error) {
      const [stallMs, leftOut] = [await takeStall(pages), await takePicturesLeftOut(pages, cameras)];
      const busy = stallMs > STALL_MS || leftOut > LEFT_OUT || loadavg()[0] > BUSY;
      if (attempt === ATTEMPTS || !busy) throw error;
      const why = `a page stood still for ${stallMs} ms, a camera left ${leftOut} pictures out, the load is ${loadavg()[0].toFixed(1)}`;
      report(`again, since ${why}: ${error.message.split('\n')[0]}`);
    }
  }
}

/** @returns how many pictures the worst of their cameras has not taken since `before` */
async function takePicturesLeftOut(pages, before) {
  const now = await Promise.all(pages.map((page) => page.do('captured')));
  const leftOut = now.map((camera, i) => {
    if (!camera || !before[i]) return 0;
    return ((camera.atMs - before[i].atMs) * camera.rate) / 1000 - (camera.frames - before[i].frames);
  });
  return Math.round(Math.max(0, ...leftOut));
}

/** @returns the longest time one of the pages was not run at all since the last call */
export async function takeStall(pages) {
  return Math.max(...(await Promise.all([...new Set(pages)].map((page) => page.do('takeStall')))));
}

async function assertFlowsNow(pairs, durationMs) {
  const before = await sample(pairs);
  let last = before;
  for (let second = 1; second <= durationMs / 1000; second++) {
    const target = performance.now() + 1000;
    await until('a second has passed', 3000, () => performance.now() >= target);
    const now = await sample(pairs);
    now.forEach(({ who, video, audio }, i) => {
      const decoded = video.framesDecoded - last[i].video.framesDecoded;
      assert.ok(decoded > 0, `${who}: no frame was decoded in second ${second}`);
      assert.ok(audio.packetsReceived > last[i].audio.packetsReceived, `${who}: no sound in second ${second}`);
    });
    last = now;
  }
  last.forEach(({ who, video, audio }, i) => {
    const frames = video.framesDecoded - before[i].video.framesDecoded;
    const energy = audio.totalAudioEnergy - before[i].audio.totalAudioEnergy;
    const freezes = video.freezeCount - before[i].video.freezeCount;
    const frozenMs = Math.round((video.totalFreezesDuration - before[i].video.totalFreezesDuration) * 1000);
    const keyFrames = video.keyFramesDecoded - before[i].video.keyFramesDecoded;
    const seen = `${frames} frames, ${keyFrames} of them key frames, ${freezes} freezes (${frozenMs} ms)`;
    report(`${who}: ${seen}, ${video.packetsLost} packets lost, audio energy ${energy.toFixed(3)}`);
    assert.equal(freezes, 0, `${who}: the picture froze`);
    assert.ok(energy > 0, `${who}: only silence was heard`);
    assert.ok(audio.totalSamplesReceived > before[i].audio.totalSamplesReceived, `${who}: no samples were played`);
  });
}

async function sample(pairs) {
  return Promise.all(
    pairs.map(async ([from, to]) => {
      const stream = await from.do('localStream');
      const all = await to.do('received');
      const find = (kind) => all.find((entry) => entry.stream === stream && entry.kind === kind);
      return { who: `${to.name} of ${from.name}`, video: find('video'), audio: find('audio') };
    }),
  );
}
