// What a page does when the server closes its connection, by the codes of docs/protocol.md §8.

/** @typedef {'replaced' | 'refused' | 'removed' | 'banned' | 'login'} EndKind */
/**
 * rejoin: at once, there is a place for us; retry: after a while; end: not by ourselves.
 *
 * @typedef {{ next: 'rejoin' | 'retry', why: string } | { next: 'end', why: string, kind: EndKind }} Closing
 */

const MOVED = 'The room has moved to another server.';

/** @type {Record<number, Closing>} */
const CLOSINGS = {
  1001: { next: 'retry', why: 'The server is going down.' },
  4000: {
    next: 'end',
    why: 'You joined this room again in another window, so this one was disconnected.',
    kind: 'replaced',
  },
  4003: { next: 'rejoin', why: 'The server lost the room.' },
  4004: { next: 'rejoin', why: MOVED },
  4005: { next: 'end', why: 'The time of this room is over.', kind: 'refused' },
  4006: { next: 'rejoin', why: MOVED },
  4007: { next: 'end', why: 'A moderator has removed you from this room.', kind: 'removed' },
  4008: { next: 'end', why: 'A moderator has banned you from this room.', kind: 'banned' },
  4011: { next: 'end', why: 'You have been asked into another room.', kind: 'removed' },
  4009: { next: 'end', why: 'You are logged out. Please log in again.', kind: 'login' },
  4010: { next: 'end', why: 'Your access has expired. Please log in again.', kind: 'login' },
};
// Codes whose reason carries words of a moderator behind the server's own.
const WITH_WORDS = [4007, 4008];

/**
 * @param {number | undefined} code of the WebSocket's close event
 * @param {boolean} joined
 * @param {string} [reason] of the close event
 * @returns {Closing}
 */
export function closingOf(code, joined, reason = '') {
  const unknown = joined ? 'The connection to the server was lost.' : 'The server cannot be reached.';
  const known = code === undefined ? undefined : CLOSINGS[code];
  if (!known) return { next: 'retry', why: unknown };
  const [, words] = /^[^:]+: (.+)$/s.exec(reason) ?? [];
  const said = words && WITH_WORDS.includes(code ?? 0) ? `${known.why} The reason: ${withStop(words)}` : known.why;
  return { ...known, why: said };
}

/** @param {string} sentence */
function withStop(sentence) {
  const trimmed = sentence.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
