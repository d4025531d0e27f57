// Waiting for a condition with a deadline; never for a time.

import { setTimeout as pause } from 'node:timers/promises';

/**
 * @template T
 * @param {string} what said when it does not happen
 * @param {number} deadlineMs
 * @param {() => T | Promise<T>} condition anything truthy ends the wait
 * @returns {Promise<{ value: T, elapsedMs: number }>}
 */
export async function until(what, deadlineMs, condition) {
  const startedAt = performance.now();
  let last;
  for (;;) {
    last = await condition();
    const elapsedMs = Math.round(performance.now() - startedAt);
    if (last) return { value: last, elapsedMs };
    if (elapsedMs > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(50);
  }
}

/** @param {string} text */
export function report(text) {
  process.stdout.write(`# ${text}\n`);
}
