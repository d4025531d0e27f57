// The SDK versions found in the wild, each in a call of two.

import { test } from 'node:test';
import { SDK_VERSIONS } from './lib/bundle.mjs';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';

for (const version of SDK_VERSIONS) {
  test(`ion-sdk-js ${version}`, { timeout: 40_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const [a, b] = await Promise.all([open(`A-${version}`), open(`B-${version}`)]);
      await Promise.all([a, b].map((each) => each.join(server, `sdk ${version}`, { version })));
      await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
      await assertFlows([[a, b], [b, a]], 2000);
    });
  });
}
