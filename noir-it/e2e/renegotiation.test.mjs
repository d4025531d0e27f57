// What changes during a call: ICE restarts, tracks that go and come back, data channels of the users.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFlows, takeStall, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { report, until } from './lib/wait.mjs';

const DEADLINE_MS = 5000;
const MAX_GAP_MS = 1000;

test('a call that changes', { timeout: 240_000 }, async (t) => {
  const step = steps(t);
  const server = await sharedServer();
  await withParticipants(async (open) => {
    const [a, b] = [await open('A'), await open('B')];
    await Promise.all([a.join(server, 'changing'), b.join(server, 'changing')]);
    await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);

    await step('restartIce() renews both connections of A and media flows on', async () => {
      const streams = [await a.do('localStream'), await b.do('localStream')];
      for (let attempt = 1; ; attempt++) {
        await takeStall([a, b]);
        await Promise.all([a.do('watchGaps'), b.do('watchGaps')]);
        const before = await a.do('ufrags');
        await a.do('restartIce');
        const renewed = async () => (await a.do('ufrags')).every((ufrag) => !before.includes(ufrag));
        await until('four new ufrags', DEADLINE_MS, renewed);
        await assertFlows([[a, b], [b, a]], 2000);
        const found = [await b.do('takeGaps', streams[0]), await a.do('takeGaps', streams[1])];
        const stallMs = await takeStall([a, b]);
        const text = found.map(({ packetGap, frameGap }) => `${packetGap} ms without a packet, ${frameGap} without a picture`);
        report(`publisher's restart: ${text[0]}; subscriber's: ${text[1]} (a page stood still for ${stallMs} ms)`);
        if (found.every(({ packetGap, frameGap }) => packetGap <= MAX_GAP_MS && frameGap <= MAX_GAP_MS)) return;
        assert.ok(attempt < 3 && stallMs > MAX_GAP_MS / 4, `media stood still: ${text.join('; ')}`);
      }
    });

    await step('A unpublishes and publishes again, twice, and B sees it each time', async () => {
      const stream = await a.do('localStream');
      for (let i = 0; i < 2; i++) {
        await a.do('unpublish');
        await b.awaitGone(stream, 'A', DEADLINE_MS);
        await a.do('publishAgain');
        await b.awaitMediaOf(a);
      }
    });

    await step('A does so 140 times, and its offers and those to B have an end', async () => {
      await a.do('publishManyTimes', 140);
      await b.awaitMediaOf(a);
      await assertFlows([[a, b]], 2000);
      const [sent, offered] = [await a.do('sentSections'), await b.do('offeredSections')];
      report(`m-lines after 140 rounds: ${sent} of the publisher, ${offered} of the subscriber`);
      assert.ok(sent <= 30, `${sent} m-lines of the publisher`);
      assert.ok(offered <= 70, `${offered} m-lines of the subscriber`);
    });

    await step('A leaves and joins at once on the same socket', async () => {
      await a.do('rejoin', { room: 'changing', uid: 'A' });
      await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
    });

    await step('a channel of A reaches B, and B answers on it', async () => {
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
