// npm test [-- file… | '!file'…]: bundles the SDKs and archives the server's classes, then runs the tests one after the
// other in one process, so that they share the server and the browsers. When all are run, those that wait much have a process
// of their own, beside those of a cluster whose nodes die, which wait, too. Prints TAP; each process ends with a summary.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bundlePages } from './lib/bundle.mjs';
import { archiveClasses } from './lib/class_archive.mjs';
import { shareTimeAmongThreads } from './lib/sessions.mjs';

const CLUSTER = ['chaos'];
const WAITING = ['renegotiation', 'leaks'];
const suite = fileURLToPath(new URL('suite.mjs', import.meta.url));

/**
 * @param {string[]} files whose names begin so, or with "!" all others
 * @param {boolean} [later] what it prints is printed when it has ended, so that it stays in one piece
 * @returns {Promise<boolean>} whether all have passed
 */
async function run(files, later = false) {
  const child = spawn(process.execPath, ['--test-reporter=tap', '--test-reporter-destination=stdout', suite], {
    stdio: ['ignore', later ? 'pipe' : 'inherit', 'inherit'],
    env: { ...process.env, E2E_ONLY: files.join(',') },
  });
  const printed = [];
  child.stdout?.on('data', (chunk) => printed.push(chunk));
  const [status] = await once(child, 'close');
  process.stdout.write(Buffer.concat(printed));
  return status === 0;
}

async function runAll() {
  const beside = await Promise.all([run(CLUSTER), run(WAITING, true)]);
  const others = await run([...CLUSTER, ...WAITING].map((file) => `!${file}`));
  return [...beside, others].every(Boolean);
}

await bundlePages();
shareTimeAmongThreads();
await archiveClasses();
const asked = process.argv.slice(2);
process.exitCode = (asked.length > 0 ? await run(asked) : await runAll()) ? 0 : 1;
