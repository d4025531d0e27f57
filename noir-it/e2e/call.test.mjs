// A call of three with ion-sdk-js 1.8.2: together, late, gone by closing the tab, gone by leave().

import { test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const GONE_DEADLINE_MS = 2000;

test('a call of three', { timeout: 90_000 }, async (t) => {
  const step = steps(t);
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b, c] = [await open('A'), await open('B'), await open('C')];

    await step('A and B see and hear each other for 10 s without a freeze', async () => {
      await Promise.all([a.join(server, 'three'), b.join(server, 'three')]);
      await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
      await assertFlows([[a, b], [b, a]], 10_000);
    });

    await step('C comes late and gets both', async () => {
      await c.join(server, 'three');
      await Promise.all([c.awaitMediaOf(a), c.awaitMediaOf(b), a.awaitMediaOf(c), b.awaitMediaOf(c)]);
      await assertFlows([[a, c], [b, c], [c, a]], 3000);
    });

    await step('B closes its tab and is gone for A and C', async () => {
      const stream = await b.do('localStream');
      await b.close();
      await Promise.all([a, c].map((other) => other.awaitGone(stream, 'B', GONE_DEADLINE_MS)));
      await assertFlows([[a, c], [c, a]], 2000);
    });

    await step('C leaves by client.leave(), with its socket open, and is gone for A', async () => {
      const stream = await c.do('localStream');
      await c.do('leave');
      await a.awaitGone(stream, 'C', GONE_DEADLINE_MS);
    });
  });
});
