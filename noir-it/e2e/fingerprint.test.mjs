// Whoever has another certificate than it said gets no media through, in either direction. Of several that it names, one is enough.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

test('a wrong fingerprint gets no media, a right one beside another does', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [honest, second, liar] = await Promise.all([open('honest'), open('second'), open('liar')]);
    await honest.join(server, 'fingerprint');
    await second.join(server, 'fingerprint', { fingerprint: 'several' });
    await Promise.all([honest.awaitMediaOf(second), second.awaitMediaOf(honest)]);
    // join() waits for a data channel that never opens, so it is not awaited.
    const joining = liar.join(server, 'fingerprint', { fingerprint: 'another' }).then(
      () => 'joined',
      () => 'failed',
    );
    await until('the liar is refused', 10_000, async () =>
      ['failed', 'closed'].includes(await liar.do('publisherState')),
    );
    const received = await liar.do('received');
    assert.deepEqual(received.filter((entry) => entry.packetsReceived > 0), []);
    const others = await honest.do('received');
    assert.equal(others.filter((entry) => entry.kind === 'video' && entry.framesDecoded > 0).length, 1);
    await liar.do('close');
    assert.notEqual(await Promise.race([joining, 'still waiting']), 'joined');
  });
});
