// What a moderator can do with somebody, as a menu lists it, and the words for it. No page, no network.

import { PUBLISH } from './room_view.js';

/** @typedef {import('./room_view.js').RoomPeer} RoomPeer */
/** @typedef {import('./room_view.js').RoomView} RoomView */
/** @typedef {{ method: string, params: Record<string, unknown> }} Call */
/**
 * ask: the reason, and for a ban how long, are asked for first.
 *
 * @typedef {{ label: string, picture: string, danger?: boolean, apart?: boolean } & ({ call: Call } | { ask: 'kick' | 'ban' | 'move' })} HostAction
 */

/** @type {[number, string][]} seconds, in words */
export const BAN_TIMES = [
  [600, '10 minutes'],
  [3600, '1 hour'],
  [86_400, '1 day'],
  [604_800, '1 week'],
  [2_592_000, '30 days'],
];

/**
 * @param {RoomView} view
 * @param {RoomPeer} peer
 * @returns {HostAction[]} none: nothing may be done
 */
export function actionsFor(view, peer) {
  if (!view.mayModerate(peer)) return [];
  const { uid, grants } = peer;
  const silenced = view.silencedOf(peer);
  const has = (/** @type {string} */ grant) => grants.includes(grant);
  const mayPublish = PUBLISH.some(has);
  return [
    silenced.has('audio')
      ? { label: 'Unmute audio', picture: 'microphone', call: call('unsquelch', { uid, kind: 'audio' }) }
      : { label: 'Mute audio', picture: 'microphone-off', call: call('squelch', { uid, kind: 'audio' }) },
    silenced.has('video')
      ? { label: 'Unmute video', picture: 'camera', call: call('unsquelch', { uid, kind: 'video' }) }
      : { label: 'Mute video', picture: 'camera-off', call: call('squelch', { uid, kind: 'video' }) },
    has('publish.screen')
      ? { label: 'Stop screen sharing', picture: 'screen', call: grant(peer, [], ['publish.screen']) }
      : { label: 'Allow screen sharing', picture: 'screen', call: grant(peer, ['publish.screen'], []) },
    mayPublish
      ? { label: 'Deny publishing', picture: 'hand', apart: true, call: grant(peer, [], PUBLISH) }
      : { label: 'Allow publishing', picture: 'hand', apart: true, call: grant(peer, PUBLISH, []) },
    has('moderate')
      ? { label: 'Take moderation away', picture: 'shield', call: grant(peer, [], ['moderate']) }
      : { label: 'Make moderator', picture: 'shield', call: grant(peer, ['moderate'], []) },
    { label: 'Move to another room …', picture: 'door', apart: true, ask: 'move' },
    { label: 'Remove …', picture: 'leave', danger: true, ask: 'kick' },
    { label: 'Ban for a time …', picture: 'ban', danger: true, ask: 'ban' },
  ];
}

/**
 * @param {{ kind: string, reason: string }[]} refused what notifications of that name said within a moment
 * @returns {string[]} a sentence for each reason
 */
export function refusedInWords(refused) {
  /** @type {Map<string, Set<string>>} */
  const kinds = new Map();
  for (const { kind, reason } of refused) kinds.set(reason, (kinds.get(reason) ?? new Set()).add(kind));
  return [...kinds].map(([reason, of]) => `Not sent (${joined([...of].map(thing))}): ${reason || 'you may not'}.`);
}

/**
 * @param {boolean} recorded what is said and shown is recorded from now on, or no more
 * @param {string} reason why it has ended; empty: somebody wanted that
 */
export function recordingInWords(recorded, reason) {
  if (recorded) return 'From now on what is said and shown here is recorded.';
  return reason ? `The recording has ended: ${reason}.` : 'The recording has ended.';
}

/** @param {boolean} streamed what is said and shown goes out of the room from now on, or no more */
export function streamingInWords(streamed) {
  if (streamed) return 'From now on people who are not in this room can see and hear what is said and shown here.';
  return 'Nobody outside this room sees and hears it any more.';
}

/**
 * @param {{ kinds: string[], squelched: boolean, reason: string }} notification
 * @returns {string}
 */
export function squelchedInWords({ kinds, squelched, reason }) {
  const what = joined((kinds.length > 0 ? kinds : ['stream']).map(thing));
  if (!squelched) return `A moderator lets the others ${kinds.includes('video') ? 'receive' : 'hear'} your ${what} again.`;
  return `A moderator has muted your ${what}${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`;
}

/**
 * @param {ReadonlySet<string>} before
 * @param {ReadonlySet<string>} now
 * @returns {string} empty: nothing to say
 */
export function grantsInWords(before, now) {
  const words = (/** @type {string} */ grant) => thing(grant.replace('publish.', ''));
  const [from, to] = [before, now];
  const given = PUBLISH.filter((grant) => to.has(grant) && !from.has(grant));
  const taken = PUBLISH.filter((grant) => from.has(grant) && !to.has(grant));
  const sentences = [];
  if (to.has('moderate') && !from.has('moderate')) sentences.push('You are a moderator of this room now.');
  if (from.has('moderate') && !to.has('moderate')) sentences.push('You are no moderator of this room any more.');
  if (given.length > 0) sentences.push(`You may send ${joined(given.map(words))} now.`);
  if (taken.length > 0) sentences.push(`You may not send ${joined(taken.map(words))} any more.`);
  return sentences.join(' ');
}

/**
 * @param {number} until milliseconds since 1970
 * @param {number} now
 */
export function timeLeft(until, now) {
  const minutes = Math.max(1, Math.ceil((until - now) / 60_000));
  if (minutes < 90) return minutes === 1 ? 'for a minute' : `for ${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `for ${hours} hours` : `for ${Math.round(hours / 24)} days`;
}

/** @type {Record<string, string>} */
const THINGS = { audio: 'sound', video: 'video', screen: 'screen', data: 'messages' };

/** @param {string} kind */
function thing(kind) {
  return THINGS[kind] ?? kind;
}

/** @param {string[]} words */
function joined(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/**
 * @param {string} method
 * @param {Record<string, unknown>} params
 * @returns {Call}
 */
function call(method, params) {
  return { method, params };
}

/**
 * The method `grant` replaces all of them.
 *
 * @param {RoomPeer} peer
 * @param {string[]} more
 * @param {string[]} fewer
 */
function grant({ uid, grants }, more, fewer) {
  const kept = grants.filter((one) => !fewer.includes(one) && !more.includes(one));
  return call('grant', { uid, grants: [...kept, ...more] });
}
