import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionsFor,
  grantsInWords,
  refusedInWords,
  squelchedInWords,
  timeLeft,
} from '../../src/main/webapp/js/host_actions.js';
import { PUBLISH, RoomView } from '../../src/main/webapp/js/room_view.js';

const MEMBER = ['join', ...PUBLISH, 'subscribe'];

function actions(changes = {}) {
  const view = new RoomView();
  view.reset('anna');
  view.applyGrants({ grants: [...MEMBER, 'moderate'], waiting: false });
  view.applyPeers({ peers: [{ uid: 'ben', grants: MEMBER, squelched: [], streams: [], ...changes }] }, new Set());
  const [ben] = view.present;
  return Object.fromEntries(actionsFor(view, ben).map(({ label, call, ask }) => [label, call ?? ask]));
}

test('the menu of an ordinary member', () => {
  const menu = actions();
  assert.deepEqual(menu['Mute audio'], { method: 'squelch', params: { uid: 'ben', kind: 'audio' } });
  assert.deepEqual(menu['Mute video'], { method: 'squelch', params: { uid: 'ben', kind: 'video' } });
  const grants = (label) => [menu[label].method, menu[label].params.uid, [...menu[label].params.grants].sort()];
  const less = MEMBER.filter((one) => one !== 'publish.screen').sort();
  assert.deepEqual(grants('Stop screen sharing'), ['grant', 'ben', less]);
  assert.deepEqual(grants('Deny publishing'), ['grant', 'ben', ['join', 'subscribe']]);
  assert.deepEqual(grants('Make moderator'), ['grant', 'ben', [...MEMBER, 'moderate'].sort()]);
  assert.deepEqual([menu['Move to another room …'], menu['Remove …'], menu['Ban for a time …']], ['move', 'kick', 'ban']);
});

test('the menu says what would change', () => {
  const menu = actions({ grants: ['join', 'subscribe', 'moderate'], squelched: ['audio', 'video'] });
  assert.equal(menu['Unmute audio'].method, 'unsquelch');
  assert.equal(menu['Unmute video'].method, 'unsquelch');
  assert.deepEqual(menu['Allow publishing'].params.grants.filter((one) => PUBLISH.includes(one)), PUBLISH);
  assert.ok(menu['Allow screen sharing'].params.grants.includes('publish.screen'));
  assert.deepEqual(menu['Take moderation away'].params.grants, ['join', 'subscribe']);
});

test('refusals of one moment are said together, by reason', () => {
  assert.deepEqual(
    refusedInWords([
      { kind: 'audio', reason: 'you may not send here' },
      { kind: 'video', reason: 'you may not send here' },
      { kind: 'screen', reason: '' },
    ]),
    ['Not sent (sound and video): you may not send here.', 'Not sent (screen): you may not.'],
  );
});

test('being muted, in words', () => {
  const said = (kinds, squelched, reason = '') => squelchedInWords({ kinds, squelched, reason });
  assert.equal(said(['audio'], true, 'Too loud.'), 'A moderator has muted your sound: Too loud.');
  assert.equal(said(['audio', 'video'], true), 'A moderator has muted your sound and video.');
  assert.equal(said(['audio'], false), 'A moderator lets the others hear your sound again.');
});

test('changed grants, in words', () => {
  const member = new Set(MEMBER);
  assert.equal(grantsInWords(member, member), '');
  assert.equal(grantsInWords(member, new Set([...MEMBER, 'moderate'])), 'You are a moderator of this room now.');
  assert.match(grantsInWords(member, new Set(['join'])), /^You may not send sound, video, screen and messages any more\.$/);
  assert.match(grantsInWords(new Set(['join']), new Set(['join', 'publish.audio'])), /^You may send sound now\.$/);
});

test('how long a ban still lasts', () => {
  const left = (minutes) => timeLeft(minutes * 60_000, 0);
  assert.deepEqual([0, 1, 10, 60, 120, 24 * 60, 72 * 60].map(left), [
    'for a minute',
    'for a minute',
    'for 10 minutes',
    'for 60 minutes',
    'for 2 hours',
    'for 24 hours',
    'for 3 days',
  ]);
});
