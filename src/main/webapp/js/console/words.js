// How the console says things. Nothing of the page in here.

import { rateInWords } from '../explain_view.js';
import { decodeStreamId } from '../stream_name.js';

/** @typedef {'info' | 'warning' | 'bad'} Severity */
/**
 * @typedef {object} Span a stretch of a participant's time
 * @property {number} from
 * @property {number} [to] missing: it goes on
 * @property {string} kind
 * @property {Severity} severity
 * @property {string} [stream]
 * @property {string} [of] whose stream
 * @property {string} says
 */
/** @typedef {{ uid: string, stream: string, kind: 'audio' | 'video', screen: boolean, muted: boolean }} Track */
/** @typedef {{ uid: string, principal?: string, waiting: boolean, attends?: boolean, grants: string[], squelched: string[], tracks: Track[] }} Peer */
/**
 * @typedef {object} Audit
 * @property {number} at
 * @property {string} node
 * @property {string} [who]
 * @property {string} from
 * @property {string} door
 * @property {string} command
 * @property {Record<string, string>} params
 * @property {string} result
 */

const NUMBERS = new Intl.NumberFormat('en');

/** @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${NUMBERS.format(number)} ${number === 1 ? one : many}`;
}

/** @param {number | undefined} number */
export function number(number) {
  return number === undefined ? '–' : NUMBERS.format(Math.round(number));
}

/** @param {number | undefined} share 0 to 1 */
export function percent(share) {
  if (share === undefined) return '–';
  return `${share > 0 && share < 0.1 ? (100 * share).toFixed(1).replace(/\.0$/, '') : Math.round(100 * share)} %`;
}

/** @param {number | undefined} bps */
export function rate(bps) {
  if (bps !== undefined && bps >= 1_000_000_000) return `${(bps / 1_000_000_000).toFixed(1)} Gbit/s`;
  return rateInWords(bps);
}

/** @param {number | undefined} ms */
export function millis(ms) {
  return ms === undefined ? '–' : `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/**
 * A time of the day, here; with the day unless it is today.
 *
 * @param {number} at
 * @param {{ now?: number, seconds?: boolean, zone?: string }} [options]
 */
export function clock(at, { now = Date.now(), seconds = false, zone } = {}) {
  const day = (/** @type {number} */ ms) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(ms);
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone };
  if (seconds) form.second = '2-digit';
  const time = new Intl.DateTimeFormat('en-GB', form).format(at);
  if (day(at) === day(now)) return time;
  return `${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: zone }).format(at)} ${time}`;
}

/**
 * From when to when: to the second if it would be the same minute otherwise.
 *
 * @param {{ from: number, to?: number | undefined }} span
 * @param {{ now?: number, zone?: string }} [options]
 */
export function stretch({ from, to }, options = {}) {
  if (to === undefined) return `since ${clock(from, options)}`;
  const minutes = clock(from, options);
  if (minutes !== clock(to, options)) return `${minutes}–${clock(to, { ...options }).split(' ').at(-1)}`;
  const [begin, end] = [from, to].map((at) => clock(at, { ...options, seconds: true }));
  return begin === end ? `${begin}` : `${begin}–${end?.split(' ').at(-1)}`;
}

/** What somebody is called: as he calls himself in his streams, or is known, or his uid. @param {Peer} peer */
export function nameOf({ uid, principal, tracks }) {
  for (const { stream } of tracks) {
    const { name } = decodeStreamId(stream);
    if (name !== 'Guest') return name;
  }
  return principal || shortUid(uid);
}

/** @param {string} uid */
function shortUid(uid) {
  return /^web-[a-z0-9]{16}$/.test(uid) ? `Guest ${uid.slice(4, 8)}` : uid;
}

const LONGEST_UID = 12;
// Shorter ones may be words of the sentence, too.
const SHORTEST_UID = 4;

/**
 * People's names in place of their uids.
 *
 * @param {string} sentence
 * @param {ReadonlyMap<string, string>} names by uid
 */
export function withNames(sentence, names) {
  const uids = [...names.keys()].filter((uid) => uid.length >= SHORTEST_UID).sort((a, b) => b.length - a.length);
  if (uids.length === 0) return sentence;
  const any = uids.map((uid) => uid.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return sentence.replace(new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, 'g'), (uid) => names.get(uid) ?? uid);
}

const LEVELS = ['good', 'info', 'warning', 'bad'];

/** How bad it is: the higher, the worse. @param {string} level */
export function rank(level) {
  return LEVELS.indexOf(level);
}

/** The worst, and of these the last. @param {readonly Span[]} spans @returns {Span | undefined} */
export function worstOf(spans) {
  return [...spans].sort((a, b) => rank(b.severity) - rank(a.severity) || b.from - a.from)[0];
}

/**
 * How bad that is, judged by the sentence that goes with a track.
 *
 * @param {string} why
 * @returns {'good' | Severity}
 */
export function severityOf(why) {
  if (why.startsWith('as wanted') || why === 'arrives') return 'good';
  if (/does not want it|a moderator has stopped it/.test(why)) return 'info';
  return /^(paused|not sent)/.test(why) ? 'bad' : 'warning';
}

/** @type {Record<string, (params: Record<string, string>) => string>} */
const DEEDS = {
  'rooms.create': ({ room }) => `planned the room ${quoted(room)}`,
  'rooms.update': ({ room }) => `changed the room ${quoted(room)}`,
  'rooms.lock': ({ room }) => `locked the room ${quoted(room)}`,
  'rooms.unlock': ({ room }) => `unlocked the room ${quoted(room)}`,
  'rooms.record': ({ room, enabled }) => `turned the recording of ${quoted(room)} ${enabled === 'true' ? 'on' : 'off'}`,
  'rooms.lobby': ({ room, enabled }) => `turned the lobby of ${quoted(room)} ${enabled === 'true' ? 'on' : 'off'}`,
  'rooms.close': ({ room }) => `closed the room ${quoted(room)}`,
  'peers.admit': ({ room, uid }) => `let ${who(uid)} into ${quoted(room)}`,
  'peers.kick': ({ room, uid }) => `removed ${who(uid)} from ${quoted(room)}`,
  'peers.move': ({ room, uid, to }) => `moved ${who(uid)} from ${quoted(room)} to ${quoted(to)}`,
  'peers.ban': ({ room, uid, seconds }) => `banned ${who(uid)} from ${quoted(room)} for ${duration(1000 * Number(seconds))}`,
  'peers.unban': ({ room }) => `lifted a ban of ${quoted(room)}`,
  'peers.squelch': ({ room, uid, kind, squelched }) =>
    `${squelched === 'true' ? 'muted' : 'unmuted'} ${kind === 'audio' ? 'the sound' : kind === 'video' ? 'the picture' : 'sound and picture'} of ${who(uid)} in ${quoted(room)}`,
  'tracks.mute': ({ room, uid, muted }) => `${muted === 'true' ? 'muted' : 'unmuted'} a stream of ${who(uid)} in ${quoted(room)}`,
  'grants.set': ({ room, uid }) => `changed what ${who(uid)} may in ${quoted(room)}`,
  'nodes.drain': ({ node }) => `took the server ${quoted(node)} out of service`,
  'jobs.start': ({ kind, room }) => `started a job ${quoted(kind)} in ${quoted(room)}`,
  'jobs.stop': ({ job }) => `stopped the job ${quoted(job)}`,
};

/** @param {string | undefined} text */
function quoted(text) {
  return `“${text ?? ''}”`;
}

/** @param {string | undefined} uid */
function who(uid) {
  return shortUid(uid ?? 'somebody');
}

/** Of an uid that stands beside a name, no more than tells it from others. @param {string} uid */
function brief(uid) {
  return uid.length > LONGEST_UID ? `${uid.slice(0, LONGEST_UID - 1)}…` : uid;
}

/** @param {Audit} audit @param {ReadonlyMap<string, string>} [names] of who was in that room, by uid */
export function deed({ who: name, command, params: given, result }, names = new Map()) {
  const by = name ?? 'The admin token';
  const called = names.get(given.uid ?? '');
  const params = called && called !== given.uid ? { ...given, uid: `${called} (${brief(given.uid ?? '')})` } : given;
  const deed = DEEDS[command]?.(params) ?? `${command} ${Object.entries(params).map(([key, value]) => `${key} ${value}`).join(', ')}`;
  return result === 'done' ? `${by} ${deed}.` : `${by} could not do this: ${deed.trim()}.`;
}

/**
 * @typedef {object} NodeEntry
 * @property {string} node
 * @property {string} state
 * @property {string[]} services
 * @property {string[]} addresses
 * @property {string} version
 * @property {number} started
 * @property {number} cpu
 * @property {number} packetsPerSecond
 * @property {number} peers
 * @property {number} rooms
 */

export const BUSY = 0.85;

/**
 * How everything is, in one line.
 *
 * @param {readonly NodeEntry[]} nodes
 * @param {readonly string[]} silent
 * @returns {{ level: 'good' | Severity, says: string }}
 */
export function wellBeing(nodes, silent) {
  if (silent.length) return { level: 'bad', says: `${joined(silent)} ${silent.length === 1 ? 'does' : 'do'} not answer.` };
  const busy = nodes.filter(({ cpu }) => cpu >= BUSY).map(({ node }) => node);
  if (busy.length) return { level: 'warning', says: `${joined(busy)} ${busy.length === 1 ? 'is' : 'are'} very busy.` };
  const leaving = nodes.filter(({ state }) => state !== 'up').map(({ node }) => node);
  if (leaving.length) return { level: 'info', says: `${joined(leaving)} ${leaving.length === 1 ? 'is' : 'are'} being taken out of service.` };
  return { level: 'good', says: 'Everything is running.' };
}

/** @param {readonly string[]} words */
function joined(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What went wrong, for people. @param {unknown} error */
export function trouble(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text ? `${text[0]?.toLocaleUpperCase()}${text.slice(1).replace(/[.\s]*$/, '')}.` : 'That did not work.';
}
