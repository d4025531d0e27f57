// Every *.test.mjs beside this file, or those whose names begin as E2E_ONLY lists; "!chaos" leaves out instead.

import { readdirSync } from 'node:fs';
import { after, afterEach } from 'node:test';
import { closeBrowsers } from './lib/browsers.mjs';
import { stopServers } from './lib/server.mjs';
import { shareTimeAmongThreads } from './lib/sessions.mjs';
import { stopTestPages } from './lib/test_pages.mjs';
import { closeLines } from './lib/thin_line.mjs';

shareTimeAmongThreads();

const listed = (process.env.E2E_ONLY ?? '').split(',').filter(Boolean);
const not = listed.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
const only = listed.filter((name) => !name.startsWith('!'));
const wanted = (file) =>
  (only.length === 0 || only.some((name) => file.startsWith(name))) && !not.some((name) => file.startsWith(name));
const here = new URL('.', import.meta.url);
for (const file of readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()) {
  if (wanted(file)) await import(new URL(file, here).href);
}

// The runner leaves a test that has outlived its time to itself: its pages and servers would slow down all that come after.
afterEach(async (t) => {
  if (t.passed || t.fullName !== t.name) return;
  await closeLines();
  await closeBrowsers();
  await stopServers();
});

after(async () => {
  await closeBrowsers();
  await stopTestPages();
  await stopServers();
});
