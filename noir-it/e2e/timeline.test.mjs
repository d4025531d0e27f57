// What a participant's timeline says went wrong: behind a bottleneck, without UDP, and when a publisher stops.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const TOKEN = 'timeline-test-0123456789abcdef0123456789';
const ROOM = 'timeline';
// Less than the only layer takes, and more than the sound.
const CAP_KBPS = 100;
// Of what is on its way to a viewer.
const LOST_SHARE = 0.25;
// Of a publisher's line, and how long it has to send before: five samples with much more, and some before that.
const UP_KBPS = 120;
const USUAL_SAMPLES = 5;
const USUAL_MS = 90_000;
// Estimates take some seconds, and samples are 5 s apart; a lost connection is noticed after as long, and ICE begins anew.
const SPAN_MS = 40_000;

const needsRoot = { timeout: 300_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

let line;
let server;

after(async () => {
  await server?.stop();
  await line?.close();
});

const timelineOf = (uid) => server.command('peers.timeline', { room: ROOM, uid });

/** @returns the first span of the peer of that kind with such a sentence */
async function awaitSpan(uid, kind, says) {
  let last = [];
  try {
    const { value, elapsedMs } = await until(`${kind} of ${uid}: ${says}`, SPAN_MS, async () => {
      last = (await timelineOf(uid)).spans;
      return last.find((span) => span.kind === kind && says.test(span.says));
    });
    report(`${uid} after ${elapsedMs} ms: ${value.says}`);
    return value;
  } catch (error) {
    throw new Error(`${error.message}; there is ${JSON.stringify(last)}`);
  }
}

test('the timeline says what went wrong', needsRoot, async (t) => {
  line = await ThinLine.open();
  const addresses = `127.0.0.1,${line.serverAddress}`;
  server = await newServer({ 'noir.media.addresses': addresses, 'noir.admin.token': TOKEN }).then((made) => made.start());
  await withParticipants(async (open) => {
    const [bob, alice] = [await open('bob', { camera: installNoisyCamera }), await open('alice', { line, camera: installNoisyCamera })];
    await bob.join(server, ROOM, { resolution: 'vga' });
    await alice.join(server, ROOM, { resolution: 'vga', url: server.signalling.replace('localhost', line.serverAddress) });
    await alice.awaitMediaOf(bob);
    await bob.awaitMediaOf(alice);

    await t.test('of a publisher behind one', async () => {
      const usually = async () => {
        const { samples } = await timelineOf('alice');
        return samples.filter(({ sent }) => sent > 4000 * UP_KBPS).length >= USUAL_SAMPLES;
      };
      await until('it is known what alice usually sends', USUAL_MS, usually);
      line.capFromClient(UP_KBPS);
      try {
        const says = /^the line of alice towards the server fell to \d+ kbit\/s \(before: \d+ kbit\/s\)/;
        assert.equal((await awaitSpan('alice', 'thin_up', says)).severity, 'warning');
      } finally {
        line.uncapFromClient();
      }
    });

    await t.test('of a viewer whose line loses packets', async () => {
      line.lose(LOST_SHARE);
      try {
        const span = await awaitSpan('alice', 'lossy', /^up to [1-4]\d % of what was sent to alice got lost on the way$/);
        assert.equal(span.severity, 'bad');
      } finally {
        line.loseNothing();
      }
    });

    await t.test('of a peer behind a bottleneck', async () => {
      line.cap(CAP_KBPS);
      try {
        const span = await awaitSpan('alice', 'frozen', /^bob's picture froze: the line of alice fell to \d+ kbit\/s, lower than/);
        assert.deepEqual([span.of, span.severity], ['bob', 'bad']);
      } finally {
        line.uncap();
      }
    });

    await t.test('of a publisher who stopped, and a peer that lost UDP', async () => {
      await bob.do('pauseVideo');
      line.onlyTcp();
      const [stopped] = await Promise.all([
        awaitSpan('bob', 'stopped', /^bob's picture stopped: nothing of it came any more/),
        awaitSpan('alice', 'tcp', /^UDP between alice and the server got lost: media went over TCP$/),
      ]);
      assert.equal(stopped.of, 'bob');
      assert.equal((await timelineOf('alice')).samples.at(-1).path, 'tcp');
    });

    await t.test('and of somebody who has left', async () => {
      const { joined, samples } = await timelineOf('alice');
      assert.ok(samples.some(({ estimate, received, rtt }) => estimate > 0 && received > 0 && rtt >= 0), 'no numbers');
      await alice.close();
      const { value: past } = await until('alice is past', SPAN_MS, async () => (await server.command('peers.past', { room: ROOM })).peers[0]);
      assert.deepEqual([past.uid, past.joined, past.worst], ['alice', joined, 'bad']);
      const timeline = await server.command('peers.timeline', { room: ROOM, uid: 'alice', from: past.joined, to: past.left });
      assert.equal(timeline.left, past.left);
      assert.equal(timeline.spans.length, past.spans);
    });
  });
});
