import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsFor } from '../../src/main/webapp/js/host_actions.js';
import { PUBLISH, RoomView } from '../../src/main/webapp/js/room_view.js';
import { encodeStreamId } from '../../src/main/webapp/js/stream_name.js';

const MEMBER = ['join', ...PUBLISH, 'subscribe'];
const OWN = encodeStreamId('camera', 'Anna', 'aaaaaaaaaaaa');
const BENS = encodeStreamId('camera', 'Ben', 'bbbbbbbbbbbb');

function moderator(...more) {
  const view = new RoomView();
  view.reset('anna');
  view.applyGrants({ grants: [...MEMBER, 'moderate', ...more], waiting: false });
  return view;
}

function peer(uid, changes = {}) {
  return { uid, waiting: false, grants: MEMBER, squelched: [], streams: [], ...changes };
}

const camera = (id, squelched = []) =>
  ['audio', 'video'].map((kind) => ({ id, kind, screen: false, squelched: squelched.includes(kind) }));

test('a server that tells nothing: everything but moderate', () => {
  const view = new RoomView();
  for (const what of ['audio', 'video', 'screen', 'data']) assert.equal(view.maySend(what), true);
  assert.equal(view.moderates, false);
  assert.deepEqual(actionsFor(view, { ...peer('ben'), principal: '' }), []);
});

test('what is not granted may not be sent; in the lobby one prepares', () => {
  const view = new RoomView();
  view.applyGrants({ grants: ['join', 'subscribe', 'publish.audio'], waiting: false });
  assert.deepEqual(['audio', 'video', 'screen'].map((what) => view.maySend(what)), [true, false, false]);
  view.applyGrants({ grants: [], waiting: true });
  assert.equal(view.maySend('video'), true);
  assert.equal(view.moderates, false);
});

test('an administrator may everything', () => {
  const view = new RoomView();
  view.applyGrants({ grants: ['administer'], waiting: false });
  assert.ok(view.moderates && view.maySend('screen'));
});

test('a new connection knows nothing of the last one', () => {
  const view = moderator();
  view.applySquelched({ kinds: ['audio'], streams: [OWN], squelched: true });
  view.applyPeers({ locked: true, lobby: true, peers: [peer('ben')], bans: [] }, new Set());
  view.reset('anna');
  assert.equal(view.moderates || view.locked || view.lobby || view.peers.length > 0, false);
  assert.equal(view.silencedKinds.size + view.silencedStreams.size, 0);
});

test('who waits comes from the notification at once, and keeps what is known', () => {
  const view = moderator();
  view.applyPeers({ peers: [peer('ben'), peer('cleo', { waiting: true, streams: camera(BENS) })] }, new Set());
  view.applyRoom({ locked: false, lobby: true, waiting: [{ uid: 'cleo' }, { uid: 'dan', principal: 'daniel' }] });
  assert.deepEqual(view.queue.map(({ uid }) => uid), ['cleo', 'dan']);
  assert.deepEqual(view.queue.map((one) => view.nameOf(one)), ['Ben', 'daniel']);
  assert.deepEqual(view.present.map(({ uid }) => uid), ['ben']);
  view.applyRoom({ locked: false, lobby: true, waiting: [] });
  assert.deepEqual(view.queue, []);
});

test('who is recorded knows it, and who moderates whether he can record', () => {
  const view = moderator();
  view.applyRoom({ locked: false, lobby: false, recordable: true, waiting: [] });
  assert.equal(view.recordable, true);
  assert.deepEqual(view.applyRecording({ recorded: true }), { before: false, reason: '' });
  assert.equal(view.recorded, true);
  assert.deepEqual(view.applyRecording({ recorded: false, reason: 'the disk is full' }), { before: true, reason: 'the disk is full' });
  assert.equal(view.recorded, false);
  view.reset('p7');
  assert.equal(view.recordable, false);
});

test('who is shown to people outside knows it', () => {
  const view = moderator();
  assert.equal(view.applyStreaming({ streamed: true }), false);
  assert.equal(view.streamed, true);
  assert.equal(view.applyStreaming({ streamed: false }), true);
  assert.equal(view.streamed, false);
});

test('tiles find their peer by the stream, and we ourselves by ours', () => {
  const view = moderator();
  view.applyPeers({ peers: [peer('p7', { streams: camera(OWN) }), peer('ben', { streams: camera(BENS) })] }, new Set([OWN]));
  assert.equal(view.uid, 'p7');
  assert.equal(view.peerOfStream(BENS)?.uid, 'ben');
  assert.equal(view.peerOfStream('unknown'), null);
  assert.deepEqual(view.present.map((one) => view.mayModerate(one)), [false, true]);
});

test('the name of somebody banned is remembered', () => {
  const view = moderator();
  view.applyPeers({ peers: [peer('ben', { streams: camera(BENS) })] }, new Set());
  view.applyPeers({ peers: [], bans: [{ id: 'b1', uid: 'ben', until: 1 }] }, new Set());
  assert.deepEqual(view.bans.map((ban) => view.nameOf(ban)), ['Ben']);
});

test('silenced by kind or by stream', () => {
  const view = moderator();
  view.applyPeers({ peers: [peer('ben', { squelched: ['audio'], streams: camera(BENS, ['video']) })] }, new Set());
  const [ben] = view.present;
  assert.deepEqual([...view.silencedOf(ben, BENS)].sort(), ['audio', 'video']);
  assert.deepEqual([...view.silencedOf(ben, 'another')], ['audio']);
});

test('an administrator is nobody’s to moderate but another’s', () => {
  const boss = { ...peer('boss', { grants: ['administer'] }), principal: 'boss' };
  assert.deepEqual(actionsFor(moderator(), boss), []);
  assert.ok(actionsFor(moderator('administer'), boss).length > 0);
});

test('rubbish from the server harms nothing', () => {
  for (const rubbish of [null, 7, 'x', [], { grants: 'all', peers: 3, waiting: {}, kinds: [1], bans: [null] }]) {
    const view = moderator();
    view.applyRoom(rubbish);
    view.applySquelched(rubbish);
    view.applyPeers(rubbish, new Set());
    view.applyGrants(rubbish);
    view.applyRecording(rubbish);
    view.applyStreaming(rubbish);
    assert.equal(view.streamed, false);
    assert.equal(view.moderates, false);
  }
});
