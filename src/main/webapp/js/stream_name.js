// A display name that travels in the stream id.
//
// The protocol tells other peers nothing about a peer but the ids of its streams, and those it keeps. So a stream is
// published under the id `<kind>.<name in base64url>.<random>` (at most 64 token characters, RFC 8830 §2), and
// everybody who receives it can read who it is and what it shows. Streams of other programs have other ids: a guest.

/** @typedef {'camera' | 'screen'} StreamKind */
/** @typedef {{ kind: StreamKind, name: string }} StreamLabel */

const MAX_NAME_BYTES = 33;
const PATTERN = /^(c|s)\.([A-Za-z0-9_-]{1,44})\.([a-z0-9]{8,})$/;

/**
 * @param {StreamKind} kind
 * @param {string} name
 * @param {string} random distinguishes two streams of the same name
 * @returns {string}
 */
export function encodeStreamId(kind, name, random) {
  return `${kind === 'camera' ? 'c' : 's'}.${toBase64Url(clip(name))}.${random}`;
}

/**
 * @param {string} id
 * @returns {StreamLabel}
 */
export function decodeStreamId(id) {
  const match = PATTERN.exec(id);
  if (match?.[2]) {
    try {
      const name = fromBase64Url(match[2]).trim();
      if (name) return { kind: match[1] === 's' ? 'screen' : 'camera', name };
    } catch {
      // looks like ours but is not
    }
  }
  return { kind: 'camera', name: 'Guest' };
}

/**
 * Gives streams other ids on their way to the server; the browser itself keeps its own.
 *
 * @param {RTCSessionDescriptionInit} description
 * @param {ReadonlyMap<string, string>} publicIds browser's stream id to the published one
 * @returns {RTCSessionDescriptionInit}
 */
export function renameStreams(description, publicIds) {
  const sdp = (description.sdp ?? '').replace(
    /^(a=(?:ssrc:\d+ )?msid:)(\S+)/gm,
    (line, prefix, id) => prefix + (publicIds.get(id) ?? id),
  );
  return { type: description.type, sdp };
}

/** @param {string} name */
function clip(name) {
  let clipped = name.trim() || 'Guest';
  while (new TextEncoder().encode(clipped).length > MAX_NAME_BYTES) {
    clipped = Array.from(clipped).slice(0, -1).join('');
  }
  return clipped;
}

/** @param {string} text */
function toBase64Url(text) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} text */
function fromBase64Url(text) {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}
