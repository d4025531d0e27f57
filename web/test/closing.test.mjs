import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingOf } from '../../src/main/webapp/js/closing.js';

test('a room that is elsewhere now is joined again at once', () => {
  for (const code of [4003, 4004, 4006]) assert.equal(closingOf(code, true).next, 'rejoin');
});

test('a server that goes down is tried again, and so is what we do not know', () => {
  for (const code of [1001, 1006, 1011, 4001, 4002, 4999, undefined]) {
    assert.equal(closingOf(code, true).next, 'retry');
  }
  assert.match(closingOf(1001, true).why, /going down/);
  assert.match(closingOf(1006, true).why, /lost/);
  assert.match(closingOf(1006, false).why, /reached/);
});

test('whoever was replaced, or whose room is over, is not brought back', () => {
  assert.deepEqual([closingOf(4000, true), closingOf(4005, true)].map(({ next, kind }) => [next, kind]), [
    ['end', 'replaced'],
    ['end', 'refused'],
  ]);
});

test('whoever a moderator removed, or whose login is over, is not brought back', () => {
  const ends = [4007, 4008, 4009, 4010, 4011].map((code) => closingOf(code, true));
  assert.deepEqual(ends.map(({ next, kind }) => [next, kind]), [
    ['end', 'removed'],
    ['end', 'banned'],
    ['end', 'login'],
    ['end', 'login'],
    ['end', 'removed'],
  ]);
});

test('the words of the moderator are passed on, those of the server are ours', () => {
  assert.match(closingOf(4007, true, 'removed by a moderator: too loud').why, / The reason: too loud\.$/);
  assert.doesNotMatch(closingOf(4007, true, 'removed by a moderator').why, /reason/);
  assert.doesNotMatch(closingOf(4005, true, 'over: really').why, /really/);
});
