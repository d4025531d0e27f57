// One participant's time in a room: what his line did, and sentences that say what went wrong.

import { create, face, icon } from '../dom.js';
import { lineOfOwn, lineOfReceived } from '../explain_view.js';
import { decodeStreamId } from '../stream_name.js';
import { LiveList, say } from './live_list.js';
import { button, chip, LEVEL_WORDS, linkTo, section } from './parts.js';
import { actions, menuButton } from './people.js';
import { hashOf } from './place.js';
import { Cursor, Plot } from './plot.js';
import { lossInWords } from './room.js';
import { Refused } from './rpc.js';
import { clock, duration, millis, nameOf, rate, stretch, withNames, worstOf } from './words.js';

/** @typedef {import('./parts.js').View} View */
/** @typedef {import('./words.js').Peer} Peer */
/** @typedef {import('./words.js').Span} Span */
/**
 * @typedef {object} Sample
 * @property {number} at
 * @property {'udp' | 'tcp'} [path]
 * @property {number} [rtt]
 * @property {number} [estimate]
 * @property {number} sent
 * @property {number} received
 * @property {number} [lossUp] per mille
 * @property {number} [lossDown]
 */
/** @typedef {{ joined: number, left?: number, step: number, samples: Sample[], spans: Span[] }} Timeline */

const SHOWN_MS = 15 * 60_000;
const SHORTEST_MS = 60_000;
const MARGIN_MS = 45_000;
const STEP_MS = 5000;

/** @implements {View} */
export class PeerView {
  /** @type {Peer | undefined} */
  #peer;
  #name = '';
  /** @type {Map<string, string>} */
  #names = new Map();
  #range = { from: 0, to: 0 };
  #heading = create('h1');
  #face = create('span');
  #facts = create('p', { class: 'quiet facts' });
  #back = create('nav', { class: 'crumbs' });
  #verdict = create('div', { class: 'card verdict' });
  #verdictText = create('p', { class: 'verdict-text' });
  #verdictTime = create('p', { class: 'quiet' });
  #plots;
  #spans = create('ol', { class: 'rows spans' });
  #calm = create('p', { class: 'quiet empty', text: 'Nothing went wrong in this time.' });
  #whatPart = section('What happened', this.#spans, this.#calm);
  #now = create('ul', { class: 'rows now' });
  #nowPart = section('At this moment', this.#now);
  #plotCard;
  #menu = menuButton(() => [this.#name, this.#peer ? actions({ room: this.place.room, around: this.around }, this.#peer, this.#name) : []]);
  #live;
  #spanList;
  #nowList;

  /** @param {import('./parts.js').Around} around @param {import('./place.js').Place} place */
  constructor(around, place) {
    this.around = around;
    this.place = place;
    this.#name = nameOf({ uid: place.peer, waiting: false, grants: [], squelched: [], tracks: [] });
    const cursor = new Cursor();
    const style = { step: STEP_MS };
    this.#plots = {
      rate: new Plot({ ...style, title: 'Bit rate', least: 100_000, words: rate }, cursor),
      delay: new Plot({ ...style, title: 'Delay', least: 50, words: millis }, cursor),
      loss: new Plot({ ...style, title: 'Loss', least: 2, most: 100, words: lossInWords }, cursor),
    };
    this.#plotCard = create('div', { class: 'card plots' }, ...Object.values(this.#plots).map(({ element }) => element));
    this.#live = linkTo('Show all', { room: place.room, peer: place.peer }, 'button');
    this.#spanList = new LiveList(this.#spans, (/** @type {Span} */ span) => this.#spanRow(span));
    this.#nowList = new LiveList(this.#now, nowRow);
    this.element = this.#build();
    this.#showName();
  }

  #build() {
    this.#back.setAttribute('aria-label', 'Way back');
    this.#back.append(linkTo('Overview', {}), linkTo(this.place.room, { room: this.place.room }));
    this.#verdict.append(this.#verdictText, this.#verdictTime);
    this.#verdict.setAttribute('role', 'status');
    this.#nowPart.hidden = true;
    this.#live.hidden = this.place.from === undefined && this.place.to === undefined;
    const copy = button('link', 'Copy link', () => void this.#copy(), 'primary');
    const titles = create('div', { class: 'titles' }, this.#heading, this.#facts);
    const head = create('div', { class: 'head' }, this.#face, titles, create('div', { class: 'row actions' }, this.#live, copy, this.#menu));
    return create('div', { class: 'view' }, this.#back, head, this.#verdict, this.#plotCard, this.#whatPart, this.#nowPart);
  }

  async look() {
    const { room, peer: uid, from, to } = this.place;
    const [timeline, list, explained] = await Promise.all([
      this.#ask('peers.timeline', { room, uid, from, to }),
      this.#ask('peers.list', { room }),
      this.#ask('explain', { room, uid }),
    ]);
    this.#learnNames(list?.peers ?? [], timeline?.spans ?? []);
    this.#peer = list?.peers.find((/** @type {Peer} */ peer) => peer.uid === uid);
    if (this.#peer) this.#name = nameOf(this.#peer);
    this.#showName();
    this.#menu.hidden = !this.#peer;
    this.#showTimeline(timeline);
    this.#showNow(explained?.explanation.peers[0]);
  }

  /** @param {string} method @param {Record<string, unknown>} params */
  async #ask(method, params) {
    try {
      return await this.around.call(method, params);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** @param {Peer[]} peers @param {Span[]} spans */
  #learnNames(peers, spans) {
    for (const { of, stream } of spans) {
      const name = stream ? decodeStreamId(stream).name : 'Guest';
      if (of && name !== 'Guest') this.#names.set(of, name);
    }
    for (const peer of peers) this.#names.set(peer.uid, nameOf(peer));
    const own = this.#names.get(this.place.peer);
    if (own) this.#name = own;
    else this.#names.set(this.place.peer, this.#name);
  }

  #showName() {
    this.around.title(this.#name);
    if (this.#heading.textContent === this.#name) return;
    this.#heading.textContent = this.#name;
    const made = face(this.#name);
    this.#face.replaceWith(made);
    this.#face = made;
    this.#menu.setAttribute('aria-label', `What to do with ${this.#name}`);
  }

  /** @param {Timeline | undefined} timeline */
  #showTimeline(timeline) {
    const now = Date.now();
    this.#plotCard.hidden = !timeline;
    this.#whatPart.hidden = !timeline;
    if (!timeline) {
      say(this.#facts, this.#peer ? 'in the room' : 'not in the room');
      this.#spanList.show([], spanKey);
      this.#showVerdict([], 'info', 'Nothing is remembered of that time.', '');
      return;
    }
    const { joined, left, spans } = timeline;
    say(this.#facts, left === undefined ? `in the room since ${clock(joined, { now })} (${duration(now - joined)})` : `was here ${stretch({ from: joined, to: left })}`);
    this.#range = this.#rangeOf(timeline, now);
    const shown = this.#range;
    const seen = spans.filter(({ from, to }) => from <= shown.to && (to ?? now) >= shown.from);
    this.#showPlots(timeline, seen);
    this.#spanList.show([...seen].reverse(), spanKey);
    this.#calm.hidden = seen.length > 0;
    say(this.#calm, 'Nothing went wrong in this time.');
    this.#showVerdict(seen, worstOf(seen)?.severity ?? 'good', 'Nothing went wrong in this time.', stretch(shown));
  }

  /** @param {Timeline} timeline @param {number} now */
  #rangeOf({ joined, left, samples }, now) {
    const end = this.place.to ?? left ?? now;
    const first = Math.max(joined, Math.min(samples[0]?.at ?? joined, end - SHORTEST_MS));
    const begin = this.place.from ?? Math.max(first, end - SHOWN_MS);
    return { from: Math.min(begin, end - SHORTEST_MS), to: Math.min(end, now) };
  }

  /** @param {Timeline} timeline @param {Span[]} spans */
  #showPlots({ samples, step }, spans) {
    /** @param {string} label @param {(sample: Sample) => number | undefined} value */
    const line = (label, value) => ({ label, points: samples.map((sample) => ({ at: sample.at, value: value(sample) })) });
    for (const plot of Object.values(this.#plots)) plot.style.step = step || STEP_MS;
    const permille = (/** @type {number | undefined} */ value) => (value === undefined ? undefined : value / 10);
    const marked = spans.filter(({ severity }) => severity !== 'info');
    this.#plots.rate.show([line('gets', ({ received }) => received), line('line takes', ({ estimate }) => estimate), line('sends', ({ sent }) => sent)], this.#range, marked);
    this.#plots.delay.show([line('', ({ rtt }) => rtt)], this.#range, marked);
    this.#plots.loss.show([line('to them', ({ lossDown }) => permille(lossDown)), line('from them', ({ lossUp }) => permille(lossUp))], this.#range, marked);
  }

  /** @param {Span[]} spans @param {string} level @param {string} otherwise @param {string} time */
  #showVerdict(spans, level, otherwise, time) {
    const worst = worstOf(spans);
    this.#verdict.className = `card verdict ${level}`;
    say(this.#verdictText, worst ? this.#sentence(worst) : otherwise);
    const more = spans.length - 1;
    say(this.#verdictTime, more > 0 ? `${more} more below` : time);
  }

  /** @param {Span} span */
  #sentence(span) {
    const says = withNames(span.says, this.#names);
    return `${stretch(span)} ${says}${/[.!?]$/.test(says) ? '' : '.'}`;
  }

  /** @param {Span} first */
  #spanRow(first) {
    const mark = chip(first.severity, LEVEL_WORDS[first.severity]);
    const text = create('span', { class: 'says' });
    const link = linkTo('', {}, 'row-link');
    link.append(mark, text, icon('arrow'));
    return {
      element: create('li', {}, link),
      /** @param {Span} span */
      update: (span) => {
        say(text, this.#sentence(span));
        const { room, peer } = this.place;
        link.href = hashOf({ room, peer, from: span.from - MARGIN_MS, to: (span.to ?? Date.now()) + MARGIN_MS });
      },
    };
  }

  /** @param {import('./explained.js').ExplainedPeer | undefined} explained */
  #showNow(explained) {
    const nameOfUid = (/** @type {string} */ uid) => this.#names.get(uid) ?? uid;
    const gets = (explained?.subscriber?.tracks ?? []).map((track) => ({ ...lineOfReceived(track, nameOfUid), key: `g${track.uid} ${track.stream} ${track.kind}`, verb: 'gets' }));
    const sends = (explained?.publisher?.tracks ?? []).map((track) => ({ ...lineOfOwn(track), who: '', key: `s${track.stream} ${track.kind}`, verb: 'sends' }));
    this.#nowList.show([...sends, ...gets], ({ key }) => key);
    this.#nowPart.hidden = sends.length + gets.length === 0;
  }

  async #copy() {
    const url = new URL(window.location.href);
    const { room, peer } = this.place;
    url.hash = hashOf({ room, peer, ...(this.#range.to ? this.#range : {}) });
    try {
      await navigator.clipboard.writeText(url.href);
      this.around.say('The link is copied. Who opens it has to sign in.');
    } catch {
      window.prompt('The link to this time', url.href);
    }
  }
}

/** @param {Span} span */
function spanKey({ from, kind, stream, of }) {
  return JSON.stringify([from, kind, stream, of]);
}

/** @param {import('../explain_view.js').TrackLine & { verb: string, key: string }} first */
function nowRow(first) {
  const title = create('strong', { text: `${first.verb} ${first.what}${first.who ? ` of ${first.who}` : ''}` });
  const why = create('span');
  const figures = create('span', { class: 'quiet figures-line' });
  return {
    element: create('li', { class: 'now-row' }, title, why, figures),
    /** @param {import('../explain_view.js').TrackLine} line */
    update(line) {
      say(why, line.why);
      say(figures, line.figures.join(' · '));
    },
  };
}
