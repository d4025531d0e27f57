// npm test [-- file… | '!file'…]: bundles the SDKs, then runs the tests one after the other in one process, so that they share
// the server and the browsers. Prints TAP, whose last lines are the summary.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundlePages } from './lib/bundle.mjs';

await bundlePages();
const suite = fileURLToPath(new URL('suite.mjs', import.meta.url));
const run = spawnSync(process.execPath, ['--test-reporter=tap', '--test-reporter-destination=stdout', suite], {
  stdio: 'inherit',
  env: { ...process.env, E2E_ONLY: process.argv.slice(2).join(',') },
});
process.exit(run.status ?? 1);
