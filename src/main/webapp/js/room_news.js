// What the server tells a peer of a room without being asked: kept in the room's view, and said to the person.

import { grantsInWords, recordingInWords, refusedInWords, squelchedInWords, streamingInWords } from './host_actions.js';
import { keepTabSecret } from './settings.js';

// Refusals of one negotiation come one by one; they are said together.
const GATHER_MS = 250;

export class RoomNews {
  #greeted = false;
  /** @type {{ kind: string, reason: string }[]} not said yet */
  #refusals = [];
  /** @type {Set<string>} what the server refused, and has to be offered again when it is allowed */
  #refused = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import('./room_view.js').RoomView} view
   * @param {import('./room_connection.js').RoomConnection} connection
   * @param {(text: string) => void} say
   * @param {() => void} onChange the view has changed
   */
  constructor(view, connection, say, onChange) {
    this.view = view;
    this.connection = connection;
    this.say = say;
    this.onChange = onChange;
  }

  reset() {
    clearTimeout(this.#timer);
    this.#greeted = false;
    this.#refusals = [];
    this.#refused.clear();
  }

  /**
   * @param {import('./room_connection.js').Told} what
   * @param {unknown} params
   */
  handle(what, params) {
    const fields = /** @type {Record<string, unknown>} */ (typeof params === 'object' && params ? params : {});
    if (what === 'grants') this.#grants(params);
    else if (what === 'squelched') this.#squelched(fields);
    else if (what === 'refused') this.#refusal(String(fields.kind ?? ''), String(fields.reason ?? ''));
    else if (what === 'recording') this.#recording(params);
    else if (what === 'streaming') this.#streaming(params);
    else if (what === 'resume') this.#resume(String(fields.secret ?? ''));
    else this.view.applyRoom(params);
    this.onChange();
  }

  /**
   * @param {import('./stream_name.js').StreamKind} kind
   * @returns {Set<'audio' | 'video'>} what moderators have silenced of our stream of this kind
   */
  silencedOf(kind) {
    const silenced = new Set(this.view.silencedKinds);
    if (kind === 'screen') silenced.delete('audio');
    for (const id of this.view.silencedStreams) {
      if (this.connection.kindOf(id) !== kind) continue;
      silenced.add('video');
      if (kind === 'camera') silenced.add('audio');
    }
    return silenced;
  }

  /** @param {unknown} params */
  #grants(params) {
    const before = this.view.applyGrants(params);
    const { grants, waiting } = this.view;
    if (before.waiting && !waiting) this.say('You have been let in.');
    else if (this.#greeted && !waiting) this.#sayIfAny(grantsInWords(before.grants, grants));
    this.#greeted = true;
    const allowed = [...this.#refused].filter((kind) => grants.has(`publish.${kind}`));
    for (const kind of allowed) this.#refused.delete(kind);
    if (allowed.length > 0) this.connection.offerAgain();
  }

  /** @param {Record<string, unknown>} fields */
  #squelched(fields) {
    this.view.applySquelched(fields);
    const kinds = Array.isArray(fields.kinds) ? fields.kinds.map(String) : [];
    const reason = typeof fields.reason === 'string' ? fields.reason : '';
    this.say(squelchedInWords({ kinds, squelched: fields.squelched !== false, reason }));
  }

  /**
   * @param {string} kind
   * @param {string} reason
   */
  #refusal(kind, reason) {
    this.#refused.add(kind);
    this.#refusals.push({ kind, reason });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const sentence of refusedInWords(this.#refusals)) this.say(sentence);
      this.#refusals = [];
    }, GATHER_MS);
  }

  /** @param {unknown} params */
  #streaming(params) {
    const before = this.view.applyStreaming(params);
    if (before !== this.view.streamed) this.say(streamingInWords(this.view.streamed));
  }

  /** @param {unknown} params */
  #recording(params) {
    const { before, reason } = this.view.applyRecording(params);
    if (before !== this.view.recorded) this.say(recordingInWords(this.view.recorded, reason));
  }

  /** @param {string} secret */
  #resume(secret) {
    this.connection.target.resume = secret;
    keepTabSecret('resume', this.connection.target.room, secret);
  }

  /** @param {string} text */
  #sayIfAny(text) {
    if (text) this.say(text);
  }
}
