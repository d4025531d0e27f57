// Firefox ESR and Chromium in one room.

import { test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';

test('Firefox and Chromium see and hear each other', { timeout: 60_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [firefox, chromium] = await Promise.all([open('firefox', { browser: 'firefox' }), open('chromium')]);
    await Promise.all([firefox, chromium].map((each) => each.join(server, 'firefox')));
    await Promise.all([firefox.awaitMediaOf(chromium), chromium.awaitMediaOf(firefox)]);
    await assertFlows([[firefox, chromium], [chromium, firefox]], 3000);
  });
});
