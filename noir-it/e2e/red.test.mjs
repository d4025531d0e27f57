// A publisher whose sound repeats itself (RFC 2198): who takes that gets it, others get plain Opus, and what a line loses
// on the way to the server is there all the same.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const LOST = 0.05;
const WATCHED_PACKETS = 300;
const UP_MS = 20_000;
const TOLD_MS = 3000;

const needsRoot = { timeout: 90_000, skip: process.getuid() !== 0 && 'needs root, for a network namespace' };

let line;
let server;

after(async () => {
  await server?.stop();
  await line?.close();
});

test('sound that repeats itself reaches Chromium as it is and Firefox as Opus', needsRoot, async () => {
  line = await ThinLine.open();
  server = await newServer({ 'noir.media.addresses': `127.0.0.1,${line.serverAddress}` }).then((made) => made.start());
  await withParticipants(async (open) => {
    const [publisher, takes, other] = [
      await open('publisher', { line }),
      await open('chromium'),
      await open('firefox', { browser: 'firefox' }),
    ];
    await takes.join(server, 'red', { publish: false });
    await other.join(server, 'red', { publish: false });
    const url = server.signalling.replace('localhost', line.serverAddress);
    await publisher.join(server, 'red', { redundantAudio: true, url });
    await takes.awaitMediaOf(publisher);
    await other.awaitMediaOf(publisher);
    line.loseOfClient(LOST);
    const stream = await publisher.do('localStream');
    const sound = (viewer) => viewer.received(stream, 'audio');
    const [before, chromium] = [await sound(other), await sound(takes)];
    await until(`${WATCHED_PACKETS} packets`, UP_MS, async () => {
      return (await sound(other)).packetsReceived - before.packetsReceived > WATCHED_PACKETS;
    });
    const [opus, red] = [await sound(other), await sound(takes)];
    const octets = (now, then) => (now.bytes - then.bytes) / (now.packetsReceived - then.packetsReceived);
    const perPacket = [octets(opus, before), octets(red, chromium)].map(Math.round);
    report(`${perPacket[0]} octets a packet for Firefox, ${perPacket[1]} for Chromium (${red.codec})`);
    assert.ok(perPacket[1] > 1.5 * perPacket[0], 'Chromium gets the repeats, and Firefox does not');
    await until('the server has lost some and made up for it', TOLD_MS, async () => {
      const { tracks } = (await publisher.do('explain')).peers[0].publisher;
      const [{ lost, repaired }] = tracks.find(({ kind }) => kind === 'audio').encodings;
      report(`${lost} packets lost on the way here, ${repaired} made up for`);
      return lost > 0 && repaired >= lost * 0.7;
    });
    const lost = opus.packetsLost - before.packetsLost;
    report(`Firefox misses ${lost}`);
    assert.ok(lost <= 0.02 * WATCHED_PACKETS, `${lost} packets are missing`);
  });
});
