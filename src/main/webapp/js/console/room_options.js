// What a room shall be like: from what the server says of it to what stands in a form, and back. Nothing of the page in here.

import { count, duration } from './words.js';

/** @typedef {'seconds' | 'minutes' | 'hours' | 'days'} Unit */
/**
 * @typedef {object} RoomOptions as rooms.get tells
 * @property {string} title
 * @property {number} maxPeers
 * @property {number} maxPublishers 0: all may
 * @property {number} maxAgeSeconds 0: no end
 * @property {number} reserveSeconds
 * @property {boolean} channel
 * @property {boolean} joinPassword there is one
 * @property {boolean} publishPassword
 * @property {string} [policy]
 * @property {boolean} [record]
 */
/**
 * @typedef {object} Filled a form as it was filled in; of what is empty in one for a new room, the server decides
 * @property {string} title
 * @property {string} maxPeers
 * @property {string} maxPublishers
 * @property {{ number: string, unit: Unit }} maxAge
 * @property {{ number: string, unit: Unit }} reserve
 * @property {boolean} channel
 * @property {{ text: string, none: boolean }} joinPassword none: it shall have none any more
 * @property {{ text: string, none: boolean }} publishPassword
 * @property {string} policy
 * @property {'' | 'yes' | 'no'} record
 */

/** @type {Record<Unit, number>} */
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** @type {readonly Unit[]} */
export const UNITS = ['seconds', 'minutes', 'hours', 'days'];

/** The largest unit of which it is a whole number. @param {number} seconds @returns {{ number: string, unit: Unit }} */
export function inUnits(seconds) {
  if (seconds === 0) return { number: '', unit: 'minutes' };
  const unit = [...UNITS].reverse().find((one) => seconds % SECONDS[one] === 0) ?? 'seconds';
  return { number: String(seconds / SECONDS[unit]), unit };
}

/** @param {{ number: string, unit: Unit }} time @returns {number | undefined} */
function secondsOf({ number, unit }) {
  return number.trim() === '' ? undefined : Math.round(Number(number) * SECONDS[unit]);
}

/** @param {string} text @returns {number | undefined} */
function numberOf(text) {
  return text.trim() === '' ? undefined : Number(text);
}

/** What a form says of a room that is there, before anybody has touched it. @param {RoomOptions} room @returns {Filled} */
export function filledWith(room) {
  return {
    title: room.title,
    maxPeers: String(room.maxPeers),
    maxPublishers: room.maxPublishers ? String(room.maxPublishers) : '',
    maxAge: inUnits(room.maxAgeSeconds),
    reserve: inUnits(room.reserveSeconds),
    channel: room.channel,
    joinPassword: { text: '', none: false },
    publishPassword: { text: '', none: false },
    policy: room.policy ?? '',
    record: room.record === undefined ? '' : room.record ? 'yes' : 'no',
  };
}

/**
 * What rooms.create and rooms.update are to be told: of a room that is there, what has changed; of a new one, what was said.
 *
 * @param {Filled} filled
 * @param {RoomOptions} [room]
 * @returns {Record<string, unknown>}
 */
export function wishes(filled, room) {
  const number = (/** @type {string} */ text) => numberOf(text) ?? (room ? 0 : undefined);
  const time = (/** @type {{ number: string, unit: Unit }} */ written) => secondsOf(written) ?? (room ? 0 : undefined);
  const text = (/** @type {string} */ written, /** @type {string | undefined} */ before) => (room || written ? (written === (before ?? '') ? undefined : written) : undefined);
  const password = (/** @type {{ text: string, none: boolean }} */ { text: written, none }) => (none ? '' : written || undefined);
  const said = {
    title: text(filled.title.trim(), room?.title),
    maxPeers: numberOf(filled.maxPeers),
    maxPublishers: number(filled.maxPublishers),
    maxAgeSeconds: time(filled.maxAge),
    reserveSeconds: time(filled.reserve),
    channel: room || filled.channel ? filled.channel : undefined,
    joinPassword: password(filled.joinPassword),
    publishPassword: password(filled.publishPassword),
    policy: text(filled.policy.trim(), room?.policy),
    record: filled.record ? filled.record === 'yes' : undefined,
  };
  /** @type {Record<string, unknown>} */
  const before = room ? { ...room } : {};
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => value !== undefined && value !== before[name]));
}

/** What is laid down for a room, in words, beyond who is in it. @param {RoomOptions} room @returns {string[]} */
export function optionsInWords(room) {
  const words = [`up to ${count(room.maxPeers, 'person', 'people')}`];
  if (room.channel) words.push('one at a time speaks');
  else if (room.maxPublishers) words.push(`${count(room.maxPublishers, 'person', 'people')} may send`);
  if (room.maxAgeSeconds) words.push(`ends ${duration(1000 * room.maxAgeSeconds)} after it was opened`);
  if (room.joinPassword) words.push('has a password');
  if (room.publishPassword) words.push('has a password for sending');
  if (room.policy) words.push('has a policy of its own');
  if (room.record !== undefined) words.push(room.record ? 'is recorded' : 'is not recorded');
  return words;
}
