// A publisher must not take us for a narrow path: today's Chromium then sends 100 kbit/s for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const ENOUGH_FOR_HD_BPS = 2_000_000;
const SENT_BPS = 1_200_000;
const SOON_MS = 10_000;
const SENT_SOON_MS = 5000;
const RATE_OVER_MS = 1000;
const HD = { width: 1280, height: 720 };
// Chromium probes a path within the first second, and only then. A browser that is kept from the processor in that
// moment measures itself, and from 0.4 Mbit/s on it takes a minute to believe in 2. It does not happen to all of these.
const PUBLISHERS = 4;

for (const retransmits of [false, true]) {
  const how = retransmits ? 'on a stream of its own' : 'on that of the media';
  test(`a publisher of HD believes in 2 Mbit/s soon, and sends 1.2, padding ${how}`, { timeout: 90_000 }, async () => {
    const server = await sharedServer();
    const seen = [];
    for (let i = 0; i < PUBLISHERS; i++) {
      const { estimate, sentAfterMs } = await watchANewPublisher(server, `bandwidth ${retransmits} ${i}`, retransmits);
      if (estimate > ENOUGH_FOR_HD_BPS && sentAfterMs <= SENT_SOON_MS) return;
      seen.push(`${(estimate / 1e6).toFixed(2)} Mbit/s, ${SENT_BPS} sent after ${sentAfterMs} ms`);
    }
    assert.fail(`estimates of ${seen.join('; ')}`);
  });
}

async function watchANewPublisher(server, room, retransmits) {
  let estimate = 0;
  let sentAfterMs = Infinity;
  await withParticipants(async (open) => {
    const [a, b] = await Promise.all([open('A-hd', { camera: installNoisyCamera, size: HD }), open('B-hd')]);
    await b.join(server, room, { publish: false });
    await a.join(server, room, { resolution: 'hd', retransmits });
    const startedAt = performance.now();
    const samples = [];
    await until('an estimate of 2 Mbit/s, and 1.2 sent', SOON_MS, async () => {
      estimate = await a.do('bandwidthEstimate');
      const [sent] = await a.do('sent');
      samples.push({ at: performance.now(), bytes: sent?.bytes ?? 0 });
      if (rateOf(samples) >= SENT_BPS) sentAfterMs = Math.min(sentAfterMs, Math.round(performance.now() - startedAt));
      return estimate > ENOUGH_FOR_HD_BPS && sentAfterMs < Infinity;
    }).catch(() => {});
    const elapsedMs = Math.round(performance.now() - startedAt);
    report(`an estimate of ${(estimate / 1e6).toFixed(1)} Mbit/s after ${elapsedMs} ms, 1.2 sent after ${sentAfterMs} ms`);
    await b.awaitMediaOf(a);
  });
  return { estimate, sentAfterMs };
}

/** bit/s over the last second, 0 before. */
function rateOf(samples) {
  const { at, bytes } = samples.at(-1);
  while (samples.length > 2 && at - samples[1].at >= RATE_OVER_MS) samples.shift();
  return at - samples[0].at < RATE_OVER_MS ? 0 : (8000 * (bytes - samples[0].bytes)) / (at - samples[0].at);
}
