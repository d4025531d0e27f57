// A plot over time: lines, stretches that are marked, and what there was at the time that one points at.

import { roundUp } from '../explain_view.js';
import { create, plotArea, stroke } from '../dom.js';
import { bandOf, pathOf, surfaceOf, timeMarks, valueAt } from './scale.js';
import { clock, rank } from './words.js';

/** @typedef {import('./scale.js').Point} Point */
/** @typedef {import('./scale.js').Range} Range */
/** @typedef {{ label: string, points: readonly Point[] }} Line */
/** @typedef {{ from: number, to?: number | undefined, severity: string }} Band */
/**
 * @typedef {object} PlotStyle
 * @property {string} title
 * @property {number} least what the upper edge is at least
 * @property {number} [most] and at most
 * @property {number} step ms between two points, as a rule
 * @property {(value: number | undefined) => string} words
 * @property {boolean} [small] a line and its number alone
 */

const MARKS = 6;
const NARROW = 520;
// In percent: what is marked throughout needs no surface.
const NEARLY_ALL = 90;
// In percent: a mark's words would be cut off. The second is for narrow plots.
const EDGES = [5, 15];

/** Plots that show the same time point at it together. */
export class Cursor {
  /** @type {Set<(at: number | undefined) => void>} */
  #plots = new Set();

  /** @param {(at: number | undefined) => void} plot */
  add(plot) {
    this.#plots.add(plot);
  }

  /** @param {number | undefined} at ms since 1970 */
  point(at) {
    for (const plot of this.#plots) plot(at);
  }
}

export class Plot {
  /** @type {readonly Line[]} */
  #lines = [];
  /** @type {Range} */
  #range = { from: 0, to: 1 };
  /** @type {number | undefined} */
  #pointed;
  #svg = plotArea(100, 100);
  #bands = create('div', { class: 'bands' });
  #legend = create('div', { class: 'legend' });
  #top = create('span', { class: 'top' });
  #middle = create('span', { class: 'middle' });
  #times = create('div', { class: 'times' });
  #hair = create('div', { class: 'hair' });
  #field = create('div', { class: 'field' }, this.#bands, this.#svg, this.#top, this.#middle, this.#hair);

  /** @param {PlotStyle} style @param {Cursor} [cursor] */
  constructor(style, cursor) {
    this.style = style;
    const caption = create('figcaption', {}, create('span', { class: 'title', text: style.title }), this.#legend);
    this.element = create('figure', { class: style.small ? 'plot small' : 'plot' }, caption, this.#field);
    this.#hair.hidden = true;
    if (style.small) return;
    this.element.append(this.#times);
    cursor?.add((at) => this.#point(at));
    this.#field.addEventListener('pointermove', (event) => cursor?.point(this.#timeAt(event)));
    this.#field.addEventListener('pointerleave', () => cursor?.point(undefined));
  }

  /** @param {readonly Line[]} lines @param {Range} range @param {readonly Band[]} [bands] */
  show(lines, range, bands = []) {
    const { least, most = Infinity, words, step, title } = this.style;
    this.#lines = lines;
    this.#range = range;
    const seen = lines.flatMap(({ points }) => points.filter(({ at }) => at >= range.from && at <= range.to));
    const top = Math.min(most, roundUp(Math.max(0, ...seen.map(({ value }) => value ?? 0)), least));
    const paths = lines.flatMap(({ points }, place) => {
      const path = pathOf(points, range, top, step);
      return [...(place === 0 ? [stroke('surface', surfaceOf(path))] : []), stroke(`line line-${place}`, path)];
    });
    this.#svg.replaceChildren(...(this.style.small ? [] : [stroke('grid', 'M0 0H100M0 50H100')]), ...paths);
    const last = lines.map(({ label, points }) => `${label} ${words(points.at(-1)?.value)}`.trim());
    this.#svg.setAttribute('aria-label', `${title}: ${last.join(', ')}`);
    this.#showBands(bands);
    this.#showLegend();
    this.#top.textContent = this.style.small ? '' : words(top);
    this.#middle.textContent = this.style.small ? '' : words(top / 2);
    if (!this.style.small) this.#showTimes();
  }

  /** @param {readonly Band[]} bands */
  #showBands(bands) {
    this.#bands.replaceChildren();
    // The worst on top.
    const order = [...bands].sort((a, b) => rank(a.severity) - rank(b.severity));
    for (const band of order) {
      const place = bandOf(band, this.#range);
      if (!place) continue;
      const whole = place.width > NEARLY_ALL ? ' whole' : '';
      const made = create('span', { class: `band ${band.severity}${whole}` });
      made.style.setProperty('left', `${place.left}%`);
      made.style.setProperty('width', `max(3px, ${place.width}%)`);
      this.#bands.append(made);
    }
  }

  #showLegend() {
    const { words, step } = this.style;
    const keys = this.#lines.map(({ label, points }, place) => {
      const value = this.#pointed === undefined ? points.at(-1)?.value : valueAt(points, this.#pointed, 2 * step);
      const key = create('span', { class: `key key-${place}` });
      if (label) key.append(create('span', { text: `${label} ` }));
      key.append(create('strong', { text: words(value) }));
      return key;
    });
    const time = this.#pointed === undefined ? [] : [create('span', { class: 'when', text: clock(this.#pointed, { seconds: true }) })];
    this.#legend.replaceChildren(...time, ...keys);
  }

  #showTimes() {
    const { from, to } = this.#range;
    const narrow = this.element.clientWidth > 0 && this.element.clientWidth < NARROW;
    const most = narrow ? MARKS / 2 : MARKS;
    const edge = EDGES[narrow ? 1 : 0] ?? 0;
    const seconds = to - from < 5 * 60_000;
    const percent = (/** @type {number} */ at) => (100 * (at - from)) / (to - from);
    const whole = timeMarks(this.#range, most).filter((at) => percent(at) > edge && percent(at) < 100 - edge);
    this.#times.replaceChildren(
      ...whole.map((at) => {
        const mark = create('span', { text: clock(at, { seconds, now: at }) });
        mark.style.setProperty('left', `${percent(at)}%`);
        return mark;
      }),
    );
  }

  /** @param {PointerEvent} event */
  #timeAt(event) {
    const { left, width } = this.#field.getBoundingClientRect();
    const { from, to } = this.#range;
    return from + ((to - from) * Math.min(Math.max(event.clientX - left, 0), width)) / width;
  }

  /** @param {number | undefined} at */
  #point(at) {
    this.#pointed = at;
    this.#hair.hidden = at === undefined;
    const { from, to } = this.#range;
    if (at !== undefined) this.#hair.style.setProperty('left', `${(100 * (at - from)) / (to - from)}%`);
    this.#showLegend();
  }
}
