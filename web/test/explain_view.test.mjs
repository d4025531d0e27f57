import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  factsOf,
  History,
  lineOfOwn,
  lineOfReceived,
  rateInWords,
  roundUp,
  WINDOW_MS,
} from '../../src/main/webapp/js/explain_view.js';

function peer(bandwidth, tracks = []) {
  return { subscriber: { state: 'connected', srtp: 'none', queue: { packets: 0, bytes: 0, ms: 0 }, bandwidth, tracks } };
}

test('what is two minutes old is forgotten', () => {
  const history = new History();
  history.add(0, peer({ estimate: 1, sent: 0 }));
  history.add(WINDOW_MS, peer({ estimate: 2, sent: 0 }));
  assert.equal(history.samples.length, 2);
  history.add(WINDOW_MS + 1, peer({ estimate: 3, sent: 0 }));
  assert.deepEqual(history.samples.map(({ values }) => values.estimate), [2, 3]);
  assert.equal(history.latest('estimate'), 3);
});

test('a line goes from left to right, higher is up, and what was not known leaves a gap', () => {
  const history = new History();
  history.add(0, peer({ estimate: 100 }));
  history.add(WINDOW_MS / 2, peer({ estimate: 200 }));
  history.add((WINDOW_MS * 3) / 4, peer(undefined));
  history.add(WINDOW_MS, peer({ estimate: 50 }));
  const plot = { now: WINDOW_MS, width: 100, height: 10, top: 200 };
  assert.equal(history.path('estimate', plot), 'M0.0 5.0L50.0 0.0M100.0 7.5');
  assert.equal(history.highest(['estimate', 'sent']), 200);
});

test('without an estimate, loss and round trip are what the browser reports of tracks', () => {
  const history = new History();
  history.add(0, peer(undefined, [{ lossPermille: 20, rttMs: 40 }, { lossPermille: 35 }]));
  assert.equal(history.latest('estimate'), undefined);
  assert.equal(history.latest('loss'), 3.5);
  assert.equal(history.latest('rtt'), 40);
});

test('without an estimate, what is sent is counted', () => {
  const history = new History();
  history.add(0, peer(undefined, [{ bytes: 1000 }]));
  assert.equal(history.latest('sent'), undefined);
  history.add(2000, peer(undefined, [{ bytes: 2000 }, { bytes: 24_000 }]));
  assert.equal(history.latest('sent'), 100_000);
  history.add(3000, peer(undefined, [{ bytes: 3000 }]));
  assert.equal(history.latest('sent'), undefined);
});

test('a scale ends at a round number', () => {
  assert.deepEqual(
    [0, 100_000, 100_001, 430_000, 999_999].map((value) => roundUp(value, 100_000)),
    [100_000, 100_000, 100_000, 500_000, 1_000_000],
  );
});

test('rates are said in words', () => {
  assert.deepEqual([undefined, 0, 64_400, 1_250_000].map(rateInWords), ['–', '0 kbit/s', '64 kbit/s', '1.3 Mbit/s']);
});

test('a received track has a name, a sentence and figures', () => {
  const track = {
    uid: 'u',
    stream: 's',
    kind: 'video',
    screen: false,
    why: 'low instead of high: the line takes 430 kbit/s',
    allocatedBitrate: 150_000,
    lossPermille: 5,
    rttMs: 81,
    jitterMs: 3,
    keyFrameRequests: 2,
    sinceKeyFrameMs: 4000,
  };
  const line = lineOfReceived(track, (uid, stream) => `${uid} ${stream}`);
  assert.equal(line.who, 'u s');
  assert.equal(line.what, 'camera');
  assert.equal(line.why, track.why);
  assert.deepEqual(line.figures, [
    '150 kbit/s',
    'loss 0.5 %',
    'round trip 81 ms',
    'jitter 3.0 ms',
    'key frame 4 s ago',
    '2 key frames asked for',
  ]);
});

test('a track of ours says what arrives of it', () => {
  const encoding = { bitrate: 100_000, active: true, packets: 9, lost: 0, jitterMs: 1, keyFrameRequests: 0, width: 320, height: 180 };
  const track = { stream: 's', kind: 'video', screen: true, why: 'as wanted', encodings: [encoding, { ...encoding, active: false }] };
  assert.equal(lineOfOwn(track).why, 'arrives');
  assert.equal(lineOfOwn(track).what, 'screen');
  assert.deepEqual(lineOfOwn(track).figures.slice(0, 3), ['100 kbit/s', '320 × 180', '1 of 2 layers']);
  assert.equal(lineOfOwn({ ...track, encodings: [] }).why, 'nothing arrives');
  assert.equal(lineOfOwn({ ...track, why: 'not sent: a moderator has stopped it' }).why, 'not sent: a moderator has stopped it');
});

test('the connection is told of as far as it is known', () => {
  const said = peer({ limitedBy: 'delay' });
  said.subscriber.pair = { local: 'candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host', remote: '198.51.100.7:61000' };
  said.subscriber.queue = { packets: 3, bytes: 3100, ms: 20 };
  assert.deepEqual(factsOf(said).slice(0, 3), [
    ['Estimate limited by', 'delay'],
    ['Waiting to be sent', '3 packets, 3 kB, 20 ms'],
    ['Path', '198.51.100.7:61000 ↔ 192.0.2.1:5000 (host, udp)'],
  ]);
  assert.deepEqual(factsOf({}), []);
});
