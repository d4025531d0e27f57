// What a page does when the server closes its connection, by the codes of docs/protocol.md §8.

/** @typedef {'replaced' | 'refused'} EndKind */
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
};

/**
 * @param {number | undefined} code of the WebSocket's close event
 * @param {boolean} joined
 * @returns {Closing}
 */
export function closingOf(code, joined) {
  const unknown = joined ? 'The connection to the server was lost.' : 'The server cannot be reached.';
  return (code !== undefined && CLOSINGS[code]) || { next: 'retry', why: unknown };
}
