// Whether a picture moves, and how long it stood still.

import { report, until } from './wait.mjs';

// Far more than a decoder holds back.
const SHOWN_BY_THEN = 10;
const SHOWN_DEADLINE_MS = 10_000;

async function framesOf(viewer, stream) {
  const all = await viewer.do('received');
  const video = all.filter((entry) => entry.stream === stream && entry.kind === 'video');
  return video.reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);
}

/**
 * New frames are decoded, without any help to the page. The one that came before does not count, which is why
 * `viewer` must have been cut off already.
 *
 * @returns milliseconds since `sinceMs` (performance.now())
 */
export async function awaitPictureBack(viewer, other, sinceMs, deadlineMs) {
  const stream = await other.do('localStream');
  const before = await framesOf(viewer, stream);
  await until(`${viewer.name} sees ${other.name} again`, deadlineMs, async () => {
    const frames = await framesOf(viewer, stream);
    return frames > 0 && frames !== before;
  });
  const elapsedMs = Math.round(performance.now() - sinceMs);
  report(`${viewer.name} sees ${other.name} again after ${elapsedMs} ms`);
  // The pause itself counts as a freeze as soon as the first picture is shown, which is later than when it is decoded.
  const back = await framesOf(viewer, stream);
  await until(`${viewer.name} has been shown pictures`, SHOWN_DEADLINE_MS, async () => {
    return (await framesOf(viewer, stream)) >= back + SHOWN_BY_THEN;
  });
  return elapsedMs;
}
