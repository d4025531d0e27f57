// What browsers let our pages do, by the headers that every answer has.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSmallPictures } from './lib/gallery_page.mjs';
import { freeTcpPort, newServer } from './lib/server.mjs';

test('pages reach signalling on another port of their host, and nothing elsewhere', { timeout: 60_000 }, async () => {
  const other = await freeTcpPort();
  const server = await newServer();
  server.settings = { 'noir.http.ports': `${server.httpPort},${other}` };
  try {
    await server.start();
    await withSmallPictures(async (open) => {
      const [anna, ben] = [await open('Anna'), await open('Ben')];
      const address = `${server.pages}gallery.html?room=ports&ws=${encodeURIComponent(`ws://localhost:${other}/ws`)}&name=`;
      await anna.page.goto(`${address}Anna`);
      await ben.page.goto(`${address}Ben`);
      await Promise.all([anna.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);
      assert.deepEqual([...anna.errors, ...ben.errors], [], 'no error in the console');

      const refused = (address) =>
        ben.page.evaluate(
          (url) =>
            new Promise((resolve) => {
              document.addEventListener('securitypolicyviolation', (e) => resolve(e.effectiveDirective), { once: true });
              const socket = new WebSocket(url);
              socket.onopen = () => resolve('open');
            }),
          address,
        );
      assert.equal(await refused(`ws://127.0.0.1:${other}/ws`), 'connect-src', 'another host is refused by the browser');
    });
  } finally {
    await server.stop();
  }
});
