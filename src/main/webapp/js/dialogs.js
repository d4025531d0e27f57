// Questions that have to be answered before something goes on. Each resolves with null when it is dismissed.

import { BAN_TIMES } from './host_actions.js';
import { create } from './dom.js';

let made = 0;

/**
 * @param {string} why
 * @returns {Promise<string | null>}
 */
export function askPassword(why) {
  const input = create('input');
  input.type = 'password';
  input.autocomplete = 'off';
  input.maxLength = 256;
  input.required = true;
  return ask({ title: 'Password of the room', why, fields: [['Password', input]], confirm: 'Join', answer: () => input.value });
}

/**
 * @param {'kick' | 'ban'} what
 * @param {string} name
 * @returns {Promise<{ reason: string, seconds: number } | null>}
 */
export function askRemoval(what, name) {
  const reason = create('input');
  reason.type = 'text';
  reason.maxLength = 100;
  reason.autocomplete = 'off';
  const time = create('select');
  time.append(...BAN_TIMES.map(([seconds, words]) => new Option(words, String(seconds))));
  time.value = '3600';
  /** @type {[string, HTMLInputElement | HTMLSelectElement][]} */
  const fields = [[`Reason, told to ${name} (optional)`, reason]];
  if (what === 'ban') fields.unshift(['For how long', time]);
  return ask({
    title: what === 'ban' ? `Ban ${name}?` : `Remove ${name}?`,
    why: what === 'ban' ? 'Leaves the room now and cannot come back before that time is over.' : 'Leaves the room now, and may join again.',
    fields,
    confirm: what === 'ban' ? 'Ban' : 'Remove',
    danger: true,
    answer: () => ({ reason: reason.value.trim(), seconds: Number(time.value) }),
  });
}

/**
 * @param {string} name
 * @returns {Promise<string | null>} where he is to go
 */
export function askRoom(name) {
  const input = create('input');
  input.type = 'text';
  input.maxLength = 128;
  input.autocomplete = 'off';
  input.required = true;
  return ask({
    title: `Move ${name} to another room?`,
    why: 'Leaves this room now, and joins that one. Pages follow by themselves; other programs are told where to go.',
    fields: [['Name of the other room', input]],
    confirm: 'Move',
    danger: true,
    answer: () => input.value.trim(),
  });
}

/**
 * @param {{ title: string, why: string, confirm: string }} question what cannot be taken back
 * @returns {Promise<boolean>}
 */
export async function confirm(question) {
  return (await ask({ ...question, fields: [], danger: true, answer: () => true })) === true;
}

/**
 * @template T
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.why
 * @param {[string, HTMLInputElement | HTMLSelectElement][]} question.fields
 * @param {string} question.confirm
 * @param {boolean} [question.danger]
 * @param {() => T} question.answer
 * @returns {Promise<T | null>}
 */
function ask({ title, why, fields, confirm, danger, answer }) {
  const heading = create('h2', { text: title });
  heading.id = `dialog-${++made}`;
  const confirming = create('button', { class: danger ? 'danger' : 'primary', text: confirm });
  confirming.type = 'submit';
  const dismissing = create('button', { text: 'Cancel' });
  dismissing.type = 'button';
  const form = create(
    'form',
    { class: 'stack' },
    heading,
    create('p', { class: 'quiet', text: why }),
    ...fields.map(([label, field]) => labelled(label, field)),
    create('div', { class: 'row end' }, dismissing, confirming),
  );
  const dialog = create('dialog', { class: 'card' }, form);
  dialog.setAttribute('aria-labelledby', heading.id);
  // Letters typed here are no shortcuts of the page.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(dialog);
  return new Promise((resolve) => {
    /** @type {T | null} */
    let answered = null;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      answered = answer();
      dialog.close();
    });
    dismissing.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answered);
    });
    dialog.showModal();
    (fields[0]?.[1] ?? dismissing).focus();
  });
}

/**
 * @param {string} words
 * @param {HTMLInputElement | HTMLSelectElement} field
 */
function labelled(words, field) {
  field.id = `field-${++made}`;
  const label = create('label', { text: words });
  label.htmlFor = field.id;
  return create('div', {}, label, field);
}
