// Asks what a room shall be like: one that is planned, or one that is there.

import { askUntilDone, labelled } from '../dialogs.js';
import { create } from '../dom.js';
import { filledWith, UNITS, wishes } from './room_options.js';
import { trouble } from './words.js';

/** @typedef {import('./room_options.js').RoomOptions} RoomOptions */
/** @typedef {import('./room_options.js').Filled} Filled */
/** @typedef {import('./room_options.js').Unit} Unit */

// As the server has them: docs/management.md.
const LONGEST_NAME = 128;
const LONGEST_TITLE = 128;
const LONGEST_PASSWORD = 256;
const LONGEST_POLICY = 1024;
const MOST_PEERS = 10_000;

const NEW = filledWith({ title: '', maxPeers: 0, maxPublishers: 0, maxAgeSeconds: 0, reserveSeconds: 0, channel: false, joinPassword: false, publishPassword: false });

/** @param {string} value @param {number} longest */
function line(value, longest) {
  const input = create('input');
  input.type = 'text';
  input.value = value;
  input.maxLength = longest;
  input.autocomplete = 'off';
  return input;
}

/** @param {string} value @param {number} least @param {number} most @param {string} empty what nothing means */
function number(value, least, most, empty) {
  const input = create('input');
  input.type = 'number';
  input.inputMode = 'numeric';
  input.min = String(least);
  input.max = String(most);
  input.value = value;
  input.placeholder = empty;
  return input;
}

/** @param {string} words @param {boolean} checked */
function check(words, checked) {
  const input = create('input');
  input.type = 'checkbox';
  input.checked = checked;
  return { input, element: create('label', { class: 'check' }, input, create('span', { text: words })) };
}

/** @param {[string, string][]} options value and words @param {string} value */
function choice(options, value) {
  const select = create('select');
  select.append(...options.map(([one, words]) => new Option(words, one)));
  select.value = value;
  return select;
}

/** A number, and of what. @param {string} words @param {{ number: string, unit: Unit }} value @param {string} empty */
function time(words, value, empty) {
  const amount = number(value.number, 0, 31_536_000, empty);
  const unit = choice(UNITS.map((one) => [one, one]), value.unit);
  unit.setAttribute('aria-label', `${words}: unit`);
  const part = labelled(words, amount);
  const row = create('div', { class: 'amount' }, amount, unit);
  part.append(row);
  return { part, read: () => ({ number: amount.value, unit: /** @type {Unit} */ (unit.value) }) };
}

/** Is never told by the server. @param {string} words @param {boolean} has @param {boolean} known the room is there */
function password(words, has, known) {
  const input = line('', LONGEST_PASSWORD);
  input.type = 'password';
  input.autocomplete = 'new-password';
  input.placeholder = has ? 'as it is' : 'none';
  const none = check('Take it away', false);
  none.input.addEventListener('change', () => (input.disabled = none.input.checked));
  const part = labelled(words, input);
  if (has && known) part.append(none.element);
  return { part, read: () => ({ text: input.value, none: none.input.checked }) };
}

/** @param {string} title @param {boolean} open @param {...Node} parts */
function folded(title, open, ...parts) {
  const details = create('details', {}, create('summary', { text: title }), create('div', { class: 'stack' }, ...parts));
  details.open = open;
  return details;
}

/** @param {RoomOptions} [room] */
function fieldsOf(room) {
  const known = room !== undefined;
  const is = room ? filledWith(room) : NEW;
  const title = line(is.title, LONGEST_TITLE);
  const peers = number(known ? is.maxPeers : '', 1, MOST_PEERS, 'as usual');
  peers.required = known;
  const publishers = number(is.maxPublishers, 0, MOST_PEERS, 'everybody');
  const age = time('Ends after', is.maxAge, 'never');
  const reserve = time('Its name is free again after', is.reserve, 'at once');
  const channel = check('One at a time speaks', is.channel);
  const join = password('Password at the door', room?.joinPassword ?? false, known);
  const publish = password('Password for sending', room?.publishPassword ?? false, known);
  const policy = create('textarea');
  policy.value = is.policy;
  policy.maxLength = LONGEST_POLICY;
  policy.rows = 4;
  policy.spellcheck = false;
  policy.placeholder = 'join = staff, board\nmoderate = board';
  // Once it is said, it can be said otherwise, but not unsaid.
  const unsaid = /** @type {[string, string][]} */ (is.record ? [] : [['', 'As the server does']]);
  const record = choice([...unsaid, ['yes', 'From the first person on'], ['no', 'Not by itself']], is.record);
  return {
    title: labelled('Title, for people (optional)', title),
    parts: [
      folded('Limits', known, create('div', { class: 'pair' }, labelled('Most people', peers), labelled('Of them may send', publishers)), age.part, reserve.part, channel.element),
      folded('Who may, and recording', known, join.part, publish.part, labelled('Policy of its own', policy, 'A line for each thing, as in the policy file. Empty: as everywhere.'), labelled('Record', record)),
    ],
    /** @returns {Filled} */
    read: () => ({
      title: title.value,
      maxPeers: peers.value,
      maxPublishers: publishers.value,
      maxAge: age.read(),
      reserve: reserve.read(),
      channel: channel.input.checked,
      joinPassword: join.read(),
      publishPassword: publish.read(),
      policy: policy.value,
      record: /** @type {Filled['record']} */ (record.value),
    }),
  };
}

/** @param {() => Promise<unknown>} step @returns {Promise<string>} what went wrong */
async function attempted(step) {
  try {
    await step();
    return '';
  } catch (error) {
    return trouble(error);
  }
}

/** @param {import('./parts.js').Around} around @returns {Promise<string | undefined>} the name of what is planned now */
export async function planRoom({ call }) {
  const name = line('', LONGEST_NAME);
  name.required = true;
  const { title, parts, read } = fieldsOf();
  const planned = await askUntilDone({
    title: 'Plan a room',
    why: 'It opens when somebody joins it, and is then as you say here. It stays planned until you close it.',
    parts: [labelled('Name', name, 'What people join, and the end of the link to it.'), title, ...parts],
    confirm: 'Plan the room',
    attempt: () => attempted(() => call('rooms.create', { room: name.value.trim(), ...wishes(read()) })),
  });
  return planned ? name.value.trim() : undefined;
}

/**
 * @param {import('./parts.js').Around} around
 * @param {string} name
 * @param {RoomOptions & { peers: number }} room
 * @returns {Promise<boolean>} it is changed
 */
export function changeRoom({ call }, name, room) {
  const { title, parts, read } = fieldsOf(room);
  return askUntilDone({
    title: `Change the room ${room.title || name}`,
    why: room.peers ? 'It counts at once, and from now on. Who is in the room stays in it.' : 'It counts when the room is opened.',
    parts: [title, ...parts],
    confirm: 'Change',
    attempt: () => attempted(() => call('rooms.update', { room: name, ...wishes(read(), room) })),
  });
}
