// What changes during a call: ICE restarts, tracks that go and come back, data channels of the users.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const DEADLINE_MS = 5000;

test('a call that changes', { timeout: 90_000 }, async (t) => {
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b] = [await open('A'), await open('B')];
    await Promise.all([a.join(server, 'changing'), b.join(server, 'changing')]);
    await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);

    await t.test('restartIce() renews both connections of A and media flows on', async () => {
      const before = await a.do('ufrags');
      await a.do('restartIce');
      const renewed = async () => (await a.do('ufrags')).every((ufrag) => !before.includes(ufrag));
      await until('four new ufrags', DEADLINE_MS, renewed);
      await assertFlows([[a, b], [b, a]], 3000);
    });

    await t.test('A unpublishes and publishes again, twice, and B is offered no more m-lines than before', async () => {
      const stream = await a.do('localStream');
      const sections = await b.do('offeredSections');
      for (let i = 0; i < 2; i++) {
        await a.do('unpublish');
        await b.awaitGone(stream, 'A', DEADLINE_MS);
        await a.do('publishAgain');
        await b.awaitMediaOf(a);
      }
      assert.equal(await b.do('offeredSections'), sections);
    });

    await t.test('a channel of A reaches B, and B answers on it', async () => {
      await a.do('openChat');
      await until('both have it open', DEADLINE_MS, async () => (await a.do('chatIsOpen')) && (await b.do('chatIsOpen')));
      await a.do('say', 'hello');
      await until('B hears it', DEADLINE_MS, async () => (await b.do('heard')).includes('hello'));
      await b.do('say', 'hello yourself');
      await until('A hears it', DEADLINE_MS, async () => (await a.do('heard')).includes('hello yourself'));
      assert.deepEqual([await a.do('heard'), await b.do('heard')], [['hello yourself'], ['hello']]);
    });
  });
});
