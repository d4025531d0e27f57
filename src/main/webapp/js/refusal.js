// What a page does when the server refuses a call, by the codes of docs/protocol.md §3.

/** @typedef {'password' | 'login' | 'banned' | 'forbidden' | 'locked' | 'full' | 'refused'} RefusalKind */
/**
 * retry: after a while by ourselves; end: only when a person wants it.
 *
 * @typedef {{ next: 'retry', why: string } | { next: 'end', why: string, kind: RefusalKind }} Refusal
 */

// RFC 3339, as the server writes it; people want their own clock.
const UNTIL = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
const UNAVAILABLE = 'The server cannot take you in at the moment.';

/** @type {Record<number, (message: string) => Refusal>} */
const REFUSALS = {
  401: refusedUnknown,
  403: (message) =>
    message.startsWith('banned')
      ? end('banned', `You are ${message.replace(UNTIL, (time) => new Date(time).toLocaleString())}.`)
      : end('forbidden', `You cannot join this room: ${message || 'you may not join it'}.`),
  410: () => end('refused', 'This room has ended.'),
  423: () => end('locked', 'This room is locked: nobody else is let in now.'),
  429: (message) => end('refused', `${capital(message || 'too many tries, try again later')}.`),
  486: () => end('full', 'This room is full. Try again when somebody has left.'),
  503: () => ({ next: 'retry', why: UNAVAILABLE }),
};

/**
 * @param {unknown} error what `join` was rejected with: a JSON-RPC error, or one of the page's own
 * @returns {Refusal}
 */
export function refusalOf(error) {
  const { code, message } = partsOf(error);
  if (code === undefined) return { next: 'retry', why: UNAVAILABLE };
  const known = REFUSALS[code];
  return known ? known(message) : end('refused', `The server refused to let you in: ${message}.`);
}

/**
 * @param {unknown} error what any other call was rejected with
 * @returns {string} a sentence for people
 */
export function errorInWords(error) {
  const { code, message } = partsOf(error);
  if (code === -32601) return 'This server does not know how to do that.';
  return message ? `That did not work: ${message}.` : 'That did not work.';
}

/** @param {string} message */
function refusedUnknown(message) {
  if (message.includes('password')) {
    return end('password', message.startsWith('wrong') ? 'That is not the password of this room.' : 'This room has a password.');
  }
  return end('login', 'Please log in to join this room.');
}

/**
 * @param {RefusalKind} kind
 * @param {string} why
 * @returns {Refusal}
 */
function end(kind, why) {
  return { next: 'end', kind, why };
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * @param {unknown} error
 * @returns {{ code: number | undefined, message: string }}
 */
function partsOf(error) {
  if (typeof error !== 'object' || error === null) return { code: undefined, message: '' };
  const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (error);
  return { code: typeof code === 'number' ? code : undefined, message: String(message ?? '').replace(/\.$/, '') };
}
