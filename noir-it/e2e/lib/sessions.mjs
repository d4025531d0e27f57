// How the kernel shares out processors among the sessions of one machine.

import { readFileSync, writeFileSync } from 'node:fs';

const GROUPS = '/proc/sys/kernel/sched_autogroup_enabled';

/**
 * Browsers have sessions of their own. Where the kernel shares out time among sessions first (`autogroup`), a media loop
 * of the server, that runs for some microseconds at a time, has waited for two processors for 200 to 700 ms while browsers
 * began to draw: a picture froze, and nothing that is tested here was the cause. With time shared out among threads it
 * was 35 ms at most. Only root may change this; it is set back when the process ends.
 */
export function shareTimeAmongThreads() {
  try {
    const before = readFileSync(GROUPS, 'utf8');
    writeFileSync(GROUPS, '0');
    process.once('exit', () => writeFileSync(GROUPS, before));
  } catch {
    // No such kernel, or not root.
  }
}
