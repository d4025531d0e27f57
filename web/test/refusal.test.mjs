import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorInWords, refusalOf } from '../../src/main/webapp/js/refusal.js';

const refusal = (code, message) => refusalOf({ code, message });

test('only a server that cannot now is tried again by itself', () => {
  for (const error of [{ code: 503, message: 'x' }, new Error('socket closed'), undefined, null]) {
    assert.equal(refusalOf(error).next, 'retry');
  }
  for (const code of [401, 403, 410, 423, 429, 486, 500, -32602]) assert.equal(refusal(code, 'x').next, 'end');
});

test('a password is asked for, and a wrong one is called so', () => {
  assert.deepEqual(refusal(401, 'a password is needed'), {
    next: 'end',
    kind: 'password',
    why: 'This room has a password.',
  });
  const wrong = refusal(401, 'wrong password');
  assert.deepEqual([wrong.kind, /not the password/.test(wrong.why)], ['password', true]);
  assert.equal(refusal(401, 'please log in').kind, 'login');
});

test('each refusal has its kind and its words', () => {
  assert.deepEqual(
    [
      refusal(403, 'banned'),
      refusal(403, 'you may not join this room'),
      refusal(423, 'the room is locked'),
      refusal(429, 'too many joins, try again later'),
      refusal(486, 'the room is full'),
    ].map(({ kind, why }) => [kind, why]),
    [
      ['banned', 'You are banned.'],
      ['forbidden', 'You cannot join this room: you may not join this room.'],
      ['locked', 'This room is locked: nobody else is let in now.'],
      ['refused', 'Too many joins, try again later.'],
      ['full', 'This room is full. Try again when somebody has left.'],
    ],
  );
});

test('the end of a ban is told by the clock of whoever reads it', () => {
  const { why } = refusal(403, 'banned until 2026-11-28T12:00:00Z');
  assert.equal(why, `You are banned until ${new Date(Date.UTC(2026, 10, 28, 12)).toLocaleString()}.`);
});

test('a call that fails is told in words', () => {
  assert.equal(errorInWords({ code: 403, message: 'you may not do that' }), 'That did not work: you may not do that.');
  assert.match(errorInWords({ code: -32601, message: 'no such method' }), /does not know/);
  assert.equal(errorInWords(undefined), 'That did not work.');
});
