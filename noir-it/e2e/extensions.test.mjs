// Header extensions that go through the server, or come from it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { report, until } from './lib/wait.mjs';

const CAPTURE_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';
const DELAY_MS = 600;
const UP_MS = 20_000;

let server;

after(() => server?.stop());

test('when it was captured, and how long it is to be kept', { timeout: 60_000 }, async () => {
  server = await newServer({ 'noir.media.playout-delay': `${DELAY_MS}-${DELAY_MS}` }).then((made) => made.start());
  await withParticipants(async (open) => {
    const [publisher, viewer] = [await open('publisher'), await open('viewer')];
    await viewer.join(server, 'extensions', { publish: false });
    await publisher.join(server, 'extensions', { extensions: [CAPTURE_TIME] });
    await viewer.awaitMediaOf(publisher);
    for (const kind of ['audio', 'video']) {
      let age = null;
      await until(`a capture time of ${kind}`, UP_MS, async () => (age = await viewer.do('captureAge', kind)) !== null);
      report(`${kind} was captured ${Math.round(age)} ms ago`);
      assert.ok(age > -50 && age < 3000, `${age} ms`);
    }
    let delay = 0;
    await until(`pictures are kept for ${DELAY_MS} ms`, UP_MS, async () => {
      delay = await viewer.do('keptFor');
      return delay > DELAY_MS * 0.8;
    }).finally(() => report(`pictures are kept for ${Math.round(delay)} ms`));
  });
});
