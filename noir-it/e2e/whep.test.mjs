// WHEP: a page with RTCPeerConnection and fetch watches what is in a room.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer, sharedServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const SEEN_MS = 10_000;
const FRAMES = 20;
const CAP_KBPS = 600;
const LESS_MS = 10_000;
const MORE_MS = 25_000;

const whipPage = { page: 'whip.html' };

const needsRoot = { timeout: 180_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

/** So many pictures more, and sound. */
async function awaitSeen(viewer, what) {
  const before = await figures(viewer);
  const { elapsedMs } = await until(what, SEEN_MS, async () => {
    const now = await figures(viewer);
    return now.frames >= before.frames + FRAMES && now.packets > before.packets;
  });
  report(`${what}: ${FRAMES} pictures more after ${elapsedMs} ms`);
}

/** Of what it gets now. */
async function figures(viewer) {
  const entries = await viewer.do('received');
  const last = (kind) => entries.filter((entry) => entry.kind === kind).at(-1);
  const video = last('video');
  return {
    ssrc: video?.ssrc,
    frames: video?.framesDecoded ?? 0,
    width: video?.frameWidth ?? 0,
    packets: last('audio')?.packetsReceived ?? 0,
  };
}

for (const browser of ['chromium', 'firefox']) {
  test(`by WHEP ${browser} sees who sends, and then who else does`, { timeout: 120_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const [a, b, viewer] = await Promise.all([open('A'), open('B', whipPage), open('viewer', { ...whipPage, browser })]);
      const room = `whep%20${browser}`;
      const url = `${server.pages}whep/${room}`;
      const early = await viewer.do('watch', { url });
      assert.deepEqual([early.status, early.retryAfter], [409, '2'], 'nobody is there');
      await a.join(server, decodeURIComponent(room));
      await b.do('publish', { url: `${server.pages}whip/${room}?name=B` });
      assert.equal((await viewer.do('watch', { url: `${url}/nobody` })).status, 409);
      const startedAt = performance.now();
      assert.equal((await viewer.do('watch', { url })).status, 201);
      await until('the first picture', SEEN_MS, async () => (await figures(viewer)).frames > 0);
      report(`the first picture after ${Math.round(performance.now() - startedAt)} ms`);
      await awaitSeen(viewer, 'the first who came');
      assert.equal(await viewer.do('restart'), 200);
      await awaitSeen(viewer, 'after ICE has begun anew');
      const { ssrc } = await figures(viewer);
      await a.close();
      const { elapsedMs } = await until('the other one, in the place of the first', SEEN_MS, async () => {
        const now = await figures(viewer);
        return now.ssrc !== ssrc && now.frames > 0 && now.packets > 0;
      });
      report(`the other one is seen after ${elapsedMs} ms`);
      await awaitSeen(viewer, 'the other one goes on');
      assert.equal(await viewer.do('leave'), 200);
    });
  });
}

let line;
let thin;

after(async () => {
  await thin?.stop();
  await line?.close();
});

test(`a viewer by WHEP behind ${CAP_KBPS} kbit/s gets less, and then everything again`, needsRoot, async () => {
  line = await ThinLine.open();
  const addresses = `127.0.0.1,${line.serverAddress}`;
  thin = await newServer({ 'noir.media.addresses': addresses }).then((made) => made.start());
  await withParticipants(async (open) => {
    const a = await open('A', { ...whipPage, camera: installNoisyCamera });
    const viewer = await open('viewer', { ...whipPage, line });
    await a.do('publish', { url: `${thin.pages}whip/thin`, simulcast: true, width: 960 });
    let top = 0;
    await until('three encodings', MORE_MS, async () => {
      const sent = (await a.do('sent')).filter(({ flowing }) => flowing);
      top = sent.at(-1)?.width;
      return sent.length === 3;
    });
    const url = `${thin.pages.replace('localhost', line.serverAddress)}whep/thin`;
    const joined = await viewer.do('watch', { url });
    assert.equal(joined.status, 201, joined.text);
    const width = async () => (await figures(viewer)).width;
    await until('the best encoding', MORE_MS, async () => (await width()) === top);
    line.cap(CAP_KBPS);
    try {
      const { elapsedMs } = await until('less', LESS_MS, async () => (await width()) < top);
      report(`less after ${elapsedMs} ms`);
      await awaitSeen(viewer, 'behind the thin line');
    } finally {
      line.uncap();
    }
    const { elapsedMs } = await until('everything again', MORE_MS, async () => (await width()) === top);
    report(`everything again after ${elapsedMs} ms`);
  });
});
