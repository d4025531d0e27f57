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
  const parts = fields.map(([label, field]) => labelled(label, field));
  const { dialog, form } = build({ title, why, parts, confirm, danger: danger ?? false });
  return new Promise((resolve) => {
    /** @type {T | null} */
    let answered = null;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      answered = answer();
      dialog.close();
    });
    dialog.addEventListener('close', () => resolve(answered));
  });
}

/**
 * A form that stays until what it says has been done, or it is dismissed.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.why
 * @param {Node[]} question.parts
 * @param {string} question.confirm
 * @param {() => Promise<string>} question.attempt does it; what it says went wrong is shown, nothing: it is done
 * @returns {Promise<boolean>} it has been done
 */
export function askUntilDone({ title, why, parts, confirm, attempt }) {
  const refusal = create('p', { class: 'notice bad' });
  refusal.setAttribute('role', 'alert');
  refusal.hidden = true;
  const { dialog, form, confirming } = build({ title, why, parts: [...parts, refusal], confirm, danger: false });
  dialog.classList.add('long');
  let done = false;
  const submit = async () => {
    confirming.disabled = true;
    refusal.hidden = true;
    const wrong = await attempt();
    confirming.disabled = false;
    done = !wrong;
    if (done) dialog.close();
    refusal.textContent = wrong;
    refusal.hidden = done;
    refusal.scrollIntoView({ block: 'nearest' });
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!confirming.disabled) void submit();
  });
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(done)));
}

/**
 * Shows a dialog with a form, its first field focused. It goes when it is closed.
 *
 * @param {{ title: string, why: string, parts: Node[], confirm: string, danger: boolean }} question
 */
function build({ title, why, parts, confirm, danger }) {
  const heading = create('h2', { text: title });
  heading.id = `dialog-${++made}`;
  const confirming = create('button', { class: danger ? 'danger' : 'primary', text: confirm });
  confirming.type = 'submit';
  const dismissing = create('button', { text: 'Cancel' });
  dismissing.type = 'button';
  const buttons = create('div', { class: 'row end' }, dismissing, confirming);
  const form = create('form', { class: 'stack' }, heading, create('p', { class: 'quiet', text: why }), ...parts, buttons);
  const dialog = create('dialog', { class: 'card' }, form);
  dialog.setAttribute('aria-labelledby', heading.id);
  // Letters typed here are no shortcuts of the page.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dismissing.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const field = form.querySelector('input, select, textarea');
  (field instanceof HTMLElement ? field : dismissing).focus();
  return { dialog, form, confirming };
}

/**
 * @param {string} words
 * @param {HTMLElement} field
 * @param {string} [hint]
 */
export function labelled(words, field, hint) {
  field.id = `field-${++made}`;
  const label = create('label', { text: words });
  label.htmlFor = field.id;
  const part = create('div', {}, label, field);
  if (!hint) return part;
  const said = create('p', { class: 'hint quiet', text: hint });
  said.id = `${field.id}-hint`;
  field.setAttribute('aria-describedby', said.id);
  part.append(said);
  return part;
}
