// Which of its views the console shows, as the address says it behind the #: a link that can be sent, and no secret in it.

/**
 * @typedef {object} Place
 * @property {'overview' | 'log' | 'room' | 'peer'} view
 * @property {string} room
 * @property {string} peer
 * @property {number | undefined} from ms since 1970
 * @property {number | undefined} to
 */

const LONGEST = 256;

/** @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const text = (/** @type {string} */ name) => (said.get(name) ?? '').slice(0, LONGEST);
  const room = text('room');
  const peer = room ? text('peer') : '';
  const [from, to] = peer ? [timeOf(said.get('from')), timeOf(said.get('to'))] : [];
  const backwards = from !== undefined && to !== undefined && to <= from;
  return {
    view: peer ? 'peer' : room ? 'room' : said.has('log') ? 'log' : 'overview',
    room,
    peer,
    from: backwards ? undefined : from,
    to: backwards ? undefined : to,
  };
}

/** @param {string | null} text */
function timeOf(text) {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** @param {{ log?: boolean, room?: string, peer?: string, from?: number, to?: number }} place @returns {string} */
export function hashOf({ log, room, peer, from, to }) {
  if (log) return '#log';
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries({ room, peer, from, to })) {
    if (value !== undefined && value !== '') said.set(name, String(typeof value === 'number' ? Math.round(value) : value));
  }
  return `#${said}`;
}
