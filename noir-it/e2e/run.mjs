// npm test [-- file… | '!file'…]: bundles the SDKs, then runs the tests one after the other in one process, so that they share
// the server and the browsers; when they are all of them, the server's classes are archived before. Prints TAP, whose last
// lines are the summary.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundlePages } from './lib/bundle.mjs';
import { archiveClasses } from './lib/class_archive.mjs';

const asked = process.argv.slice(2);
await bundlePages();
if (asked.length === 0) await archiveClasses();
const suite = fileURLToPath(new URL('suite.mjs', import.meta.url));
const run = spawnSync(process.execPath, ['--test-reporter=tap', '--test-reporter-destination=stdout', suite], {
  stdio: 'inherit',
  env: { ...process.env, E2E_ONLY: asked.join(',') },
});
process.exit(run.status ?? 1);
