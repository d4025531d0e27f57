import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnSocket, needsLogin, NOBODY, returnPath, sessionOf, socketUrl, takeToken, whenSeenAgain } from '../../src/main/webapp/js/session.js';

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

/**
 * A tab at `address`, whose server knows those of `tokens` by name, and everybody as `session`.
 *
 * @param {{ mock: { method: Function } }} t
 */
function tab(t, address, { tokens = {}, session = null, kept = '' } = {}) {
  const stored = new Map(kept ? [['noir.token', JSON.stringify(['', kept])]] : []);
  const location = new URL(address);
  t.mock.method(console, 'warn', () => {});
  globalThis.window = { location, history: { state: null, replaceState: (_state, _title, url) => (location.href = url.href) } };
  globalThis.document = { baseURI: address };
  globalThis.sessionStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
    removeItem: (key) => stored.delete(key),
  };
  t.mock.method(globalThis, 'fetch', async (_path, { headers }) => {
    const principal = session ?? tokens[headers.authorization?.slice('Bearer '.length)] ?? null;
    return { ok: true, json: async () => ({ mode: 'optional', principal }) };
  });
  t.after(() => ['window', 'document', 'sessionStorage'].forEach((name) => delete globalThis[name]));
  return { location, token: () => JSON.parse(stored.get('noir.token') ?? '[]')[1] ?? '' };
}

const LINK = 'https://h.example/noir/gallery.html?room=a&access_token=given';

test('the token of a link is taken out of the address and kept for the tab', async (t) => {
  const page = tab(t, LINK);
  await takeToken();
  assert.equal(page.token(), 'given');
  assert.equal(page.location.href, 'https://h.example/noir/gallery.html?room=a');
  assert.equal(socketUrl(), 'wss://h.example/noir/ws?access_token=given');
});

test('a link makes nobody somebody else', async (t) => {
  for (const known of [{ session: 'anna' }, { kept: 'own', tokens: { own: 'anna', given: 'eve' } }]) {
    const page = tab(t, LINK, known);
    await takeToken();
    assert.equal(page.token(), known.kept ?? '');
    assert.equal(page.location.search, '?room=a');
  }
});

test('a token that is good no more is replaced', async (t) => {
  const page = tab(t, LINK, { kept: 'old', tokens: { given: 'anna' } });
  await takeToken();
  assert.equal(page.token(), 'given');
});

test('another program on this host gets no token', (t) => {
  for (const ws of ['wss://h.example:9000/ws', '/other/ws', 'wss://h.example/noir/ws?x']) {
    tab(t, `https://h.example/noir/gallery.html?ws=${encodeURIComponent(ws)}`, { kept: 'secret' });
    assert.equal(isOwnSocket(), false, ws);
    assert.equal(socketUrl().includes('secret'), false, ws);
  }
  tab(t, 'https://h.example/noir/gallery.html?ws=wss://h.example/noir/ws', { kept: 'secret' });
  assert.equal(socketUrl(), 'wss://h.example/noir/ws?access_token=secret');
});

test('who comes back to a page is asked for again', (t) => {
  const page = new EventTarget();
  globalThis.document = page;
  t.after(() => delete globalThis.document);
  let looks = 0;
  whenSeenAgain(() => looks++);
  for (const state of ['hidden', 'visible']) {
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
  }
  assert.equal(looks, 1);
});
