// Every *.test.mjs beside this file, or those whose names E2E_ONLY lists.

import { readdirSync } from 'node:fs';
import { after } from 'node:test';
import { closeBrowsers } from './lib/browsers.mjs';
import { stopServers } from './lib/server.mjs';
import { stopTestPages } from './lib/test_pages.mjs';

const only = (process.env.E2E_ONLY ?? '').split(',').filter(Boolean);
const here = new URL('.', import.meta.url);
for (const file of readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()) {
  if (only.length === 0 || only.some((name) => file.startsWith(name))) await import(new URL(file, here).href);
}

after(async () => {
  await closeBrowsers();
  await stopTestPages();
  await stopServers();
});
