// A publisher must not take us for a narrow path: today's Chromium then sends 100 kbit/s for ever.

import { test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const ENOUGH_FOR_HD_BPS = 2_000_000;

test('a publisher of HD believes in 2 Mbit/s soon', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b] = await Promise.all([open('A-hd'), open('B-hd')]);
    await b.join(server, 'bandwidth', { publish: false });
    await a.join(server, 'bandwidth', { resolution: 'hd' });
    const { elapsedMs } = await until('an estimate of 2 Mbit/s', 15_000, async () => {
      return (await a.do('bandwidthEstimate')) > ENOUGH_FOR_HD_BPS;
    });
    const mbps = ((await a.do('bandwidthEstimate')) / 1e6).toFixed(1);
    report(`an estimate of ${mbps} Mbit/s after ${elapsedMs} ms`);
    await b.awaitMediaOf(a);
  });
});
