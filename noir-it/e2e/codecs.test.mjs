// The codecs besides VP8, and two codecs in one room.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFlows, withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';

for (const codec of ['h264', 'vp9', 'av1']) {
  test(`${codec} to and from vp8`, { timeout: 40_000 }, async () => {
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const [a, b] = await Promise.all([open(`A-${codec}`), open(`B-vp8`)]);
      await Promise.all([a.join(server, `codec ${codec}`, { codec }), b.join(server, `codec ${codec}`)]);
      await Promise.all([a.awaitMediaOf(b), b.awaitMediaOf(a)]);
      await assertFlows([[a, b], [b, a]], 2000);
      const video = await b.received(await a.do('localStream'), 'video');
      assert.equal(video.codec.toLowerCase(), `video/${codec}`);
    });
  });
}
