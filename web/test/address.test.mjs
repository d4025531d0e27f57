import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signallingUrl } from '../../src/main/webapp/js/address.js';

/** @param {string} address */
const urlOf = (address) => signallingUrl(/** @type {any} */ (new URL(address)), address);

test('the signalling address follows host, port and context path of the page', () => {
  assert.equal(urlOf('http://localhost:7070/gallery.html?room=a#b'), 'ws://localhost:7070/ws');
  assert.equal(urlOf('https://hospital.example/noir/gallery.html'), 'wss://hospital.example/noir/ws');
  assert.equal(urlOf('https://hospital.example/noir/'), 'wss://hospital.example/noir/ws');
  assert.equal(urlOf('http://[::1]:7070/'), 'ws://[::1]:7070/ws');
});

test('?ws= may name another port or path of the same host', () => {
  assert.equal(urlOf('http://localhost:7070/echo.html?ws=ws://localhost:7000/ws'), 'ws://localhost:7000/ws');
  assert.equal(urlOf('https://h.example/echo.html?ws=/other/ws'), 'wss://h.example/other/ws');
});

test('?ws= cannot send a camera to somebody else, nor over plain text', (t) => {
  t.mock.method(console, 'warn', () => {});
  const refused = ['wss://evil.example/ws', '//evil.example/ws', 'ws://h.example/ws', 'https://h.example/ws', 'ws://h:x/'];
  for (const ws of refused) {
    assert.equal(urlOf(`https://h.example/gallery.html?ws=${encodeURIComponent(ws)}`), 'wss://h.example/ws', ws);
  }
});
