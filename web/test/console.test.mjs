import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveries, RoomFigures, sentBy, worstOfRow } from '../../src/main/webapp/js/console/explained.js';
import { hashOf, placeOf } from '../../src/main/webapp/js/console/place.js';
import { filledWith, inUnits, optionsInWords, wishes } from '../../src/main/webapp/js/console/room_options.js';
import { bandOf, pathOf, Rates, Recent, surfaceOf, timeMarks, valueAt } from '../../src/main/webapp/js/console/scale.js';
import {
  clock,
  count,
  deed,
  duration,
  millis,
  nameOf,
  percent,
  rate,
  severityOf,
  stretch,
  trouble,
  wellBeing,
  withNames,
  worstOf,
} from '../../src/main/webapp/js/console/words.js';
import { encodeStreamId } from '../../src/main/webapp/js/stream_name.js';

const UTC = { zone: 'UTC', now: Date.UTC(2026, 4, 3, 18) };
const at = (hours, minutes, seconds = 0) => Date.UTC(2026, 4, 3, hours, minutes, seconds);

test('a view has an address that can be sent, and comes back from it', () => {
  for (const place of [{}, { log: true }, { room: 'a&b #1' }, { room: 'r', peer: 'ü/=', from: 1000, to: 2000 }]) {
    const read = placeOf(hashOf(place));
    assert.equal(read.room, place.room ?? '');
    assert.equal(read.peer, place.peer ?? '');
    assert.deepEqual([read.from, read.to], [place.from, place.to]);
  }
  assert.equal(placeOf('').view, 'overview');
  assert.equal(placeOf('#main').view, 'overview');
  assert.equal(placeOf('#log').view, 'log');
  assert.equal(placeOf('#room=r').view, 'room');
  assert.equal(placeOf('#room=r&peer=p').view, 'peer');
  assert.equal(placeOf('#peer=p').view, 'overview');
});

test('nonsense in an address does no harm', () => {
  assert.deepEqual(placeOf('#room=r&peer=p&from=x&to=-5'), { view: 'peer', room: 'r', peer: 'p', from: undefined, to: undefined });
  assert.equal(placeOf('#room=r&peer=p&from=9&to=9').from, undefined);
  assert.equal(placeOf(`#room=${'x'.repeat(1000)}`).room.length, 256);
});

test('a line goes from left to right, higher is up, and gaps stay gaps', () => {
  const points = [0, 10, 20, 90, 100].map((time) => ({ at: time, value: time }));
  assert.equal(pathOf(points, { from: 0, to: 100 }, 100, 10), 'M0.00 100.00L10.00 90.00L20.00 80.00M90.00 10.00L100.00 0.00');
  assert.equal(pathOf([{ at: 0, value: 1 }, { at: 1, value: undefined }, { at: 2, value: 1 }], { from: 0, to: 2 }, 1, 1), 'M0.00 0.00M100.00 0.00');
  assert.equal(pathOf(points, { from: 10, to: 20 }, 10, 10), 'M0.00 0.00L100.00 0.00', 'cut off at the top and at both ends');
  assert.equal(surfaceOf('M0 1L2 3M5 6'), 'M0 100L0 1L2 3L2 100Z');
});

test('stretches are marked where they lie', () => {
  const range = { from: 100, to: 200 };
  assert.deepEqual(bandOf({ from: 120, to: 130 }, range), { left: 20, width: 10 });
  assert.deepEqual(bandOf({ from: 0 }, range), { left: 0, width: 100 });
  assert.deepEqual(bandOf({ from: 190 }, range), { left: 90, width: 10 });
  assert.equal(bandOf({ from: 0, to: 50 }, range), undefined);
});

test('an axis has marks at round times', () => {
  assert.deepEqual(timeMarks({ from: at(14, 0, 50), to: at(14, 4) }, 6, 0), [1, 2, 3, 4].map((minute) => at(14, minute)));
  assert.deepEqual(timeMarks({ from: at(1, 0), to: at(23, 0) }, 6, -90).map((time) => (time - at(0, 0)) / 3_600_000), [4.5, 10.5, 16.5, 22.5]);
  assert.ok(timeMarks({ from: 0, to: 400 * 86_400_000 }, 6, 0).length <= 6);
});

test('what was measured is forgotten in time, counters become rates', () => {
  const recent = new Recent(100);
  for (const time of [0, 60, 120]) recent.add('a', time, time);
  assert.deepEqual(recent.of('a').map(({ value }) => value), [60, 120]);
  recent.keep((name) => name !== 'a');
  assert.deepEqual(recent.of('a'), []);
  const rates = new Rates();
  assert.deepEqual([rates.of('a', 0, 10), rates.of('a', 500, 20), rates.of('a', 1000, 5), rates.of('a', 2000, 6)], [undefined, 20, undefined, 1]);
  assert.equal(valueAt([{ at: 0, value: 1 }, { at: 10, value: 2 }], 7, 5), 2);
  assert.equal(valueAt([{ at: 0, value: 1 }], 7, 5), undefined);
});

test('numbers in words', () => {
  assert.deepEqual([count(1, 'person', 'people'), count(1234, 'person', 'people'), count(0, 'room')], ['1 person', '1,234 people', '0 rooms']);
  assert.deepEqual([0, 0.004, 0.5, 1, undefined].map(percent), ['0 %', '0.4 %', '50 %', '100 %', '–']);
  assert.deepEqual([0, 180_000, 2_500_000, 3_200_000_000, undefined].map(rate), ['0 kbit/s', '180 kbit/s', '2.5 Mbit/s', '3.2 Gbit/s', '–']);
  assert.deepEqual([0.42, 250.4, undefined].map(millis), ['0.4 ms', '250 ms', '–']);
  assert.deepEqual([900, 61_000, 3_700_000, 300 * 3_600_000].map(duration), ['1 s', '1 min', '1 h 1 min', '12 days']);
});

test('times are of the day, to the second where the minute is the same', () => {
  assert.equal(clock(at(14, 3), UTC), '14:03');
  assert.equal(clock(at(14, 3) - 86_400_000, UTC), '2 May 14:03');
  assert.equal(stretch({ from: at(14, 3, 10), to: at(14, 4, 2) }, UTC), '14:03–14:04');
  assert.equal(stretch({ from: at(14, 3, 10), to: at(14, 3, 25) }, UTC), '14:03:10–14:03:25');
  assert.equal(stretch({ from: at(14, 3, 10), to: at(14, 3, 10) }, UTC), '14:03:10');
  assert.equal(stretch({ from: at(14, 3) }, UTC), 'since 14:03');
  assert.equal(stretch({ from: at(14, 3) - 86_400_000, to: at(14, 4) - 86_400_000 }, UTC), '2 May 14:03–14:04');
});

test('people are called as they call themselves', () => {
  const peer = { uid: 'web-abcdefgh12345678', waiting: false, grants: [], squelched: [], tracks: [] };
  assert.equal(nameOf(peer), 'Guest abcd');
  assert.equal(nameOf({ ...peer, principal: 'bob' }), 'bob');
  const stream = encodeStreamId('camera', 'Dr. Ünal', '12345678');
  assert.equal(nameOf({ ...peer, tracks: [{ uid: peer.uid, stream, kind: 'video', screen: false, muted: false }] }), 'Dr. Ünal');
});

test('names stand in sentences for uids, whole ones and once', () => {
  const names = new Map([['web-1234', 'web-9999'], ['web-9999', 'Bob'], ['a', 'Anna'], ['$&(.', 'Eve']]);
  assert.equal(withNames("web-1234's picture froze: a line, web-9999-x web-9999 $&(.", names), "web-9999's picture froze: a line, web-9999-x Bob Eve");
  assert.equal(withNames('nobody', new Map()), 'nobody');
});

test('the worst of what happened comes first, and of that the last', () => {
  const spans = [['info', 9], ['bad', 1], ['bad', 5], ['warning', 7]].map(([severity, from]) => ({ severity, from, kind: 'x', says: '' }));
  assert.equal(worstOf(spans)?.from, 5);
  assert.equal(worstOf([]), undefined);
});

test('a sentence of the server tells how bad it is', () => {
  const levels = {
    'as wanted': 'good',
    'as wanted, whatever the line takes: the client does not report it': 'good',
    'paused: the client does not want it': 'info',
    'not sent: a moderator has stopped it': 'info',
    'low instead of high: the line takes 430 kbit/s': 'warning',
    'nothing to send: the publisher sends nothing': 'warning',
    'paused: the smallest layer needs 150 kbit/s and the line takes 60 kbit/s': 'bad',
  };
  for (const [why, level] of Object.entries(levels)) assert.equal(severityOf(why), level, why);
});

test('deeds are told in words, refused ones and unknown ones, too', () => {
  const audit = { at: 0, node: 'n', from: '', door: 'ws', result: 'done', params: { room: 'r', uid: 'bob', squelched: 'true', kind: 'audio' } };
  assert.equal(deed({ ...audit, who: 'alice', command: 'peers.squelch' }), 'alice muted the sound of bob in “r”.');
  assert.equal(deed({ ...audit, command: 'rooms.lock' }), 'The admin token locked the room “r”.');
  assert.equal(deed({ ...audit, command: 'rooms.lock', result: 'none' }), 'The admin token could not do this: locked the room “r”.');
  const web = { ...audit, params: { room: 'r', uid: 'web-0123456789abcdef' } };
  assert.equal(deed({ ...web, command: 'peers.kick' }), 'The admin token removed Guest 0123 from “r”.');
  const names = new Map([[web.params.uid, 'Bob']]);
  assert.equal(deed({ ...web, command: 'peers.kick' }, names), 'The admin token removed Bob (web-0123456…) from “r”.');
  assert.match(deed({ ...audit, command: 'new.thing' }), /new\.thing room r, uid bob/);
});

test('how everything is, in one line', () => {
  const node = { node: 'a', state: 'up', cpu: 0.1 };
  assert.equal(wellBeing([node], []).level, 'good');
  assert.deepEqual(wellBeing([node, { ...node, node: 'b', cpu: 0.9 }], []), { level: 'warning', says: 'b is very busy.' });
  assert.deepEqual(wellBeing([node], ['b', 'c']), { level: 'bad', says: 'b and c do not answer.' });
  assert.equal(wellBeing([{ ...node, state: 'draining' }], []).says, 'a is being taken out of service.');
});

test('trouble is a sentence', () => {
  assert.equal(trouble(new Error('there is no such room')), 'There is no such room.');
  assert.equal(trouble(''), 'That did not work.');
});

const BOB = {
  uid: 'bob',
  publisher: {
    tracks: [
      { stream: 's', kind: 'video', screen: false, why: 'as wanted', encodings: [{ active: true, bitrate: 100_000, height: 180 }, { active: true, bitrate: 900_000, height: 720 }] },
      { stream: 's', kind: 'audio', screen: false, why: 'as wanted', encodings: [{ active: false, bitrate: 0 }] },
    ],
  },
};
const ANNA = {
  uid: 'anna',
  subscriber: {
    bandwidth: { rttMs: 80, lossPermille: 25 },
    tracks: [
      { uid: 'bob', stream: 's', kind: 'video', screen: false, why: 'low instead of high: …', allocated: { spatial: 0, temporal: 2 }, bytes: 0, rttMs: 20 },
      { uid: 'bob', stream: 's', kind: 'audio', screen: false, why: 'as wanted', bytes: 0 },
    ],
  },
};

test('who gets what of whom, and the worst of it', () => {
  const gets = deliveries([ANNA, BOB]);
  assert.deepEqual(gets.get('anna')?.get('bob')?.map(({ text, level }) => [text, level]), [['sound', 'good'], ['180p', 'warning']]);
  assert.equal(worstOfRow(gets.get('anna')).level, 'warning');
  assert.equal(worstOfRow(gets.get('bob')).level, 'good');
  assert.deepEqual(sentBy(BOB).map(({ text, flows }) => [text, flows]), [['720p, 1.0 Mbit/s', true], ['nothing', false]]);
  assert.deepEqual(sentBy(undefined), []);
});

test('a room as a whole', () => {
  const figures = new RoomFigures();
  assert.deepEqual(figures.of(0, [ANNA, BOB]), { sent: undefined, received: 1_000_000, loss: 2.5, delay: 80 });
  const later = structuredClone(ANNA);
  later.subscriber.tracks[0].bytes = 10_000;
  assert.equal(figures.of(1000, [later, BOB]).sent, 80_000);
  assert.deepEqual(figures.of(2000, []), { sent: undefined, received: 0, loss: undefined, delay: undefined });
});

const ROOM = {
  room: 'r',
  title: 'Board',
  maxPeers: 20,
  maxPublishers: 0,
  maxAgeSeconds: 7200,
  reserveSeconds: 90,
  channel: false,
  joinPassword: true,
  publishPassword: false,
  policy: 'join = **',
};

test('a form that nobody has touched wishes nothing', () => {
  assert.deepEqual(wishes(filledWith(ROOM), ROOM), {});
  const untouched = filledWith({ ...ROOM, title: '', maxAgeSeconds: 0, reserveSeconds: 0, policy: undefined });
  assert.deepEqual(wishes({ ...untouched, maxPeers: '' }), {});
});

test('of a room that is there only what has changed is told, of a new one what was said', () => {
  const changed = {
    ...filledWith(ROOM),
    title: ' ',
    maxPublishers: '3',
    maxAge: { number: '', unit: 'hours' },
    joinPassword: { text: '', none: true },
    publishPassword: { text: 'horse', none: false },
    policy: '',
    record: 'no',
  };
  assert.deepEqual(wishes(changed, ROOM), {
    title: '',
    maxPublishers: 3,
    maxAgeSeconds: 0,
    joinPassword: '',
    publishPassword: 'horse',
    policy: '',
    record: false,
  });
  const said = { ...filledWith(ROOM), maxPeers: '', channel: true, record: 'yes' };
  assert.deepEqual(wishes(said), { title: 'Board', maxAgeSeconds: 7200, reserveSeconds: 90, channel: true, policy: 'join = **', record: true });
});

test('times are in the largest unit that is a whole number', () => {
  assert.deepEqual([0, 59, 120, 7200, 86_400, 90_000].map((seconds) => Object.values(inUnits(seconds)).join(' ')), [
    ' minutes',
    '59 seconds',
    '2 minutes',
    '2 hours',
    '1 days',
    '25 hours',
  ]);
});

test('what is laid down for a room is said in words', () => {
  assert.deepEqual(optionsInWords({ ...ROOM, maxPublishers: 1, record: false }), [
    'up to 20 people',
    '1 person may send',
    'ends 2 h 0 min after it was opened',
    'has a password',
    'has a policy of its own',
    'is not recorded',
  ]);
});
