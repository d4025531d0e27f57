// npm run compare: what a viewer sees behind a thin line, with noiR and with Janus (apt-get install janus), one after the other, with the
// same browsers, pictures and line; with names behind "--" only those. Needs root. No test: others are as they are.

import { bundlePages } from './lib/bundle.mjs';
import { closeBrowsers } from './lib/browsers.mjs';
import { Janus, JANUS_IS_HERE } from './lib/janus.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer, stopServers } from './lib/server.mjs';
import { shareTimeAmongThreads } from './lib/sessions.mjs';
import { stopTestPages } from './lib/test_pages.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';
import { videoOf, watchFor } from './lib/watching.mjs';

const CAPS_KBPS = [1000, 600, 300];
const LOST = 0.05;
const WATCHED_MS = 20_000;
const THERE_MS = 30_000;
const PUBLISHED = {
  resolution: 'shd',
  encodings: [
    { rid: 'f', maxBitrate: 1_200_000, maxFramerate: 30 },
    { rid: 'h', maxBitrate: 400_000, maxFramerate: 30, scaleResolutionDownBy: 2 },
    { rid: 'q', maxBitrate: 120_000, maxFramerate: 30, scaleResolutionDownBy: 4 },
  ],
};

/** One publisher, a viewer beside the server and one behind the line, which gets thin, wide again, and lossy. */
async function compare(name, line, server, page) {
  await withParticipants(async (open) => {
    const [a, b] = await Promise.all([open('publisher', { camera: installNoisyCamera, page }), open('beside', { page })]);
    const c = await open('behind', { line, page });
    const url = server.signalling.replace('localhost', line.serverAddress);
    await a.join(server, 'compare', PUBLISHED);
    await b.join(server, 'compare', { publish: false });
    await c.join(server, 'compare', { publish: false, url });
    await awaitWidest(name, a, [b, c], PUBLISHED.encodings.length);
    for (const kbps of CAPS_KBPS) {
      line.cap(kbps);
      report(`${name}: ${kbps} kbit/s`);
      await watchFor(WATCHED_MS, a, [c, b]);
      line.uncap();
      await awaitWidest(name, a, [c]);
    }
    line.lose(LOST);
    report(`${name}: ${LOST * 100} % lost`);
    await watchFor(WATCHED_MS, a, [c]);
    line.loseNothing();
  });
}

/** The largest pictures that are sent, and half a second of them; of as many encodings as a publisher with a busy processor leaves. */
async function awaitWidest(name, publisher, viewers, least = 1) {
  const before = await Promise.all(viewers.map((viewer) => videoOf(viewer, publisher)));
  const { elapsedMs } = await until(`${name}: everything`, THERE_MS, async () => {
    const sent = (await publisher.do('sent')).filter(({ flowing }) => flowing);
    const seen = await Promise.all(viewers.map((viewer) => videoOf(viewer, publisher)));
    const widest = sent.at(-1)?.width;
    return (
      sent.length >= least &&
      seen.every((video, i) => {
        return video?.frameWidth === widest && video.framesDecoded >= (before[i]?.framesDecoded ?? 0) + 15;
      })
    );
  });
  report(`${name}: everything again after ${elapsedMs} ms`);
}

async function noir(line) {
  const server = await newServer({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` });
  await compare('noiR', line, await server.start(), 'call.html').finally(() => server.stop());
}

async function janus(line) {
  if (!JANUS_IS_HERE) throw new Error('Janus is missing: apt-get install janus');
  const server = await Janus.start(line.serverAddress);
  await compare('Janus', line, server, 'janus.html').finally(() => server.stop());
}

const all = { noir, janus };
const chosen = process.argv.slice(2);
await bundlePages();
shareTimeAmongThreads();
const line = await ThinLine.open();
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(all)) await all[name](line);
} finally {
  await closeBrowsers();
  await stopTestPages();
  await stopServers();
  await line.close();
}
