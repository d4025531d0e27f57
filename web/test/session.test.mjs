import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsLogin, NOBODY, returnPath, sessionOf } from '../../src/main/webapp/js/session.js';

test('who must log in, and who need not', () => {
  const session = (mode, principal) => sessionOf({ mode, principal, roles: [], loginPath: 'auth/login' });
  assert.equal(needsLogin(session('required', null)), true);
  assert.equal(needsLogin(session('required', 'anna')), false);
  for (const mode of ['open', 'optional']) assert.equal(needsLogin(session(mode, null)), false);
  for (const rubbish of [null, 'x', 7, {}, { mode: 'strict', principal: 3 }]) assert.deepEqual(sessionOf(rubbish), NOBODY);
});

test('the login brings back to the page within the application, with room and name', () => {
  const path = (page, base) => returnPath(page, base);
  assert.equal(
    path('https://a.example/noir/gallery.html?room=Visite+3b&name=Zo%C3%AB#x', 'https://a.example/noir/gallery.html'),
    '/gallery.html?room=Visite+3b&name=Zo%C3%AB',
  );
  assert.equal(path('http://localhost:7000/?room=a', 'http://localhost:7000/?room=a'), '/?room=a');
});
