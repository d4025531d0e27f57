// The panel that says how the call is doing, and why: asks the server every second while it is open.

import { create, element, plotArea, stroke } from './dom.js';
import { factsOf, History, lineOfOwn, lineOfReceived, millisInWords, rateInWords, roundUp } from './explain_view.js';

/** @typedef {import('./explain_view.js').PeerFigures} PeerFigures */
/** @typedef {import('./explain_view.js').TrackLine} TrackLine */
/**
 * @typedef {object} Plot
 * @property {string} title
 * @property {{ name: string, label: string }[]} lines
 * @property {number} least what the upper edge is at least
 * @property {(value: number | undefined) => string} words
 */

const ASK_MS = 1000;
const WIDTH = 300;
const HEIGHT = 64;

/** @type {Plot[]} */
const PLOTS = [
  {
    title: 'Rate',
    lines: [
      { name: 'estimate', label: 'line takes' },
      { name: 'sent', label: 'sent' },
    ],
    least: 100_000,
    words: rateInWords,
  },
  { title: 'Loss', lines: [{ name: 'loss', label: 'lost' }], least: 1, words: (value) => (value === undefined ? '–' : `${value.toFixed(1)} %`) },
  { title: 'Round trip', lines: [{ name: 'rtt', label: 'round trip' }], least: 10, words: millisInWords },
];

export class ExplainPanel {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #asking = false;
  history = new History();
  toggle = element('explain-toggle', HTMLButtonElement);
  panel = element('explain', HTMLElement);
  plots = element('explain-plots', HTMLElement);
  tracks = element('explain-tracks', HTMLTableSectionElement);
  facts = element('explain-facts', HTMLElement);
  trouble = element('explain-trouble', HTMLElement);

  /**
   * @param {object} around
   * @param {(method: string, params: Record<string, unknown>) => Promise<unknown>} around.call
   * @param {(uid: string, stream: string) => string} around.nameOf
   */
  constructor(around) {
    this.around = around;
    this.toggle.addEventListener('click', () => this.show(this.panel.hidden));
    element('explain-close', HTMLButtonElement).addEventListener('click', () => this.show(false));
    this.panel.addEventListener('keydown', (event) => event.key === 'Escape' && this.show(false));
  }

  /** @param {boolean} open */
  show(open) {
    this.panel.hidden = !open;
    this.toggle.setAttribute('aria-expanded', String(open));
    clearInterval(this.#timer);
    if (open) {
      this.history.clear();
      this.#timer = setInterval(() => void this.#ask(), ASK_MS);
      void this.#ask();
      element('explain-title', HTMLElement).focus();
    } else {
      this.toggle.focus();
    }
  }

  async #ask() {
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    try {
      const answer = /** @type {{ peers?: PeerFigures[] }} */ (await this.around.call('explain', {}));
      const peer = answer.peers?.[0];
      if (!this.panel.hidden && peer) this.#draw(peer);
      this.trouble.hidden = true;
    } catch {
      this.trouble.hidden = false;
      this.trouble.textContent = 'The server does not answer at the moment.';
    } finally {
      this.#asking = false;
    }
  }

  /** @param {PeerFigures} peer */
  #draw(peer) {
    const now = performance.now();
    this.history.add(now, peer);
    this.plots.replaceChildren(...PLOTS.map((plot) => this.#plot(plot, now)));
    const lines = [
      ...(peer.subscriber?.tracks ?? []).map((track) => lineOfReceived(track, this.around.nameOf)),
      ...(peer.publisher?.tracks ?? []).map(lineOfOwn),
    ];
    this.tracks.replaceChildren(...lines.map(row));
    this.facts.replaceChildren(...factsOf(peer).flatMap(([name, text]) => [create('dt', { text: name }), create('dd', { text })]));
  }

  /** @param {Plot} plot @param {number} now */
  #plot({ title, lines, least, words }, now) {
    const top = roundUp(this.history.highest(lines.map(({ name }) => name)), least);
    const svg = plotArea(WIDTH, HEIGHT);
    const said = lines.map(({ name, label }) => `${label} ${words(this.history.latest(name))}`);
    svg.setAttribute('aria-label', `${title} of the last two minutes: ${said.join(', ')}`);
    svg.append(stroke('grid', `M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`));
    lines.forEach(({ name }, place) => {
      svg.append(stroke(`line line-${place}`, this.history.path(name, { now, width: WIDTH, height: HEIGHT, top })));
    });
    const legend = create('figcaption', {}, create('strong', { text: title }));
    lines.forEach(({ name, label }, place) => {
      const text = lines.length > 1 ? `${label} ${words(this.history.latest(name))}` : words(this.history.latest(name));
      legend.append(create('span', { class: `key key-${place}`, text }));
    });
    legend.append(create('span', { class: 'top', text: `▲ ${words(top)}` }));
    return create('figure', {}, legend, svg);
  }
}

/** @param {TrackLine} line */
function row({ who, what, why, figures }) {
  const name = create('th', { text: who }, create('span', { class: 'quiet', text: ` ${what}` }));
  name.scope = 'row';
  const words = create('td', {}, create('span', { class: 'why', text: why }));
  words.append(create('span', { class: 'figures quiet', text: figures.join(' · ') }));
  return create('tr', {}, name, words);
}
