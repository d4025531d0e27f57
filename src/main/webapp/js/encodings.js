// What a camera and a screen are sent as, and which of it is sent at all.

/** @typedef {import('./stream_name.js').StreamKind} StreamKind */

const SCREEN = [{ maxBitrate: 2_500_000, maxFramerate: 15 }];
// Three sizes: everybody gets the one that fits, and what nobody takes the server tells us not to make.
const CAMERA = [
  { rid: 'low', scaleResolutionDownBy: 4, maxBitrate: 150_000, maxFramerate: 30 },
  { rid: 'medium', scaleResolutionDownBy: 2, maxBitrate: 500_000, maxFramerate: 30 },
  { rid: 'high', maxBitrate: 1_200_000, maxFramerate: 30 },
];

/**
 * @param {StreamKind} kind
 * @returns {RTCRtpEncodingParameters[]} lowest first
 */
export function encodingsOf(kind) {
  return (kind === 'screen' ? SCREEN : CAMERA).map((encoding) => ({ ...encoding }));
}

/** Each change of a sender waits for the one before: browsers refuse parameters that are not the newest. */
/** @type {WeakMap<RTCRtpSender, Promise<void>>} */
const changes = new WeakMap();

/**
 * Makes the sender send these of its encodings and no others, perhaps none.
 *
 * @param {RTCRtpSender} sender
 * @param {readonly string[]} rids '' is an encoding without
 * @returns {Promise<void>}
 */
export function sendOnly(sender, rids) {
  const change = (changes.get(sender) ?? Promise.resolve()).then(async () => {
    const parameters = sender.getParameters();
    const wanted = (parameters.encodings ?? []).map(({ rid }) => rids.includes(rid ?? ''));
    if (parameters.encodings?.every(({ active }, i) => active === wanted[i])) return;
    parameters.encodings?.forEach((encoding, i) => (encoding.active = wanted[i] ?? true));
    await sender.setParameters(parameters).catch((/** @type {unknown} */ error) => {
      // The connection, or this track of it, has ended meanwhile.
      if (!(error instanceof DOMException)) throw error;
    });
  });
  changes.set(sender, change);
  return change;
}
