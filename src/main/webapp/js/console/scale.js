// The arithmetic of plots: where a value goes, how high an axis is, where it has marks. Nothing of the page in here.

/** @typedef {{ at: number, value: number | undefined }} Point at: ms since 1970 */
/** @typedef {{ from: number, to: number }} Range */

// More time than this many steps between two points: nothing was known meanwhile.
const GAP_STEPS = 3;

/**
 * A line through the points as an SVG path in a square of 100 × 100, with gaps where nothing was known.
 *
 * @param {readonly Point[]} points in order
 * @param {Range} range what lies outside is left out
 * @param {number} top the value at the upper edge
 * @param {number} step ms between two points, as a rule
 */
export function pathOf(points, { from, to }, top, step) {
  let path = '';
  /** @type {number | undefined} */
  let last;
  for (const { at, value } of points) {
    if (value === undefined || at < from || at > to) {
      last = value === undefined ? undefined : last;
      continue;
    }
    const x = (100 * (at - from)) / (to - from);
    const y = 100 * (1 - Math.min(Math.max(value / top, 0), 1));
    const joined = last !== undefined && at - last <= GAP_STEPS * step;
    path += `${joined ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`;
    last = at;
  }
  return path;
}

/** The surface below such a line. @param {string} path */
export function surfaceOf(path) {
  return path
    .split('M')
    .filter((part) => part.includes('L'))
    .map((part) => {
      const points = part.split('L').map((point) => point.split(' ')[0]);
      return `M${points[0]} 100L${part}L${points.at(-1)} 100Z`;
    })
    .join('');
}

/**
 * Where a stretch of time lies, in percent.
 *
 * @param {{ from: number, to?: number | undefined }} stretch without an end: it goes on
 * @param {Range} range
 * @returns {{ left: number, width: number } | undefined} undefined: outside
 */
export function bandOf(stretch, { from, to }) {
  const begin = Math.max(stretch.from, from);
  const end = Math.min(stretch.to ?? to, to);
  if (end < begin) return undefined;
  const percent = (/** @type {number} */ ms) => (100 * ms) / (to - from);
  return { left: percent(begin - from), width: percent(end - begin) };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [5, 10, 15, 30]
  .map((n) => n * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * MINUTE), [1, 2, 3, 6, 12, 24].map((n) => n * HOUR));

/**
 * Marks for an axis of time, at round times of the day.
 *
 * @param {Range} range
 * @param {number} most how many there is room for
 * @param {number} [zone] minutes that UTC is ahead of the local time, as Date says it
 */
export function timeMarks({ from, to }, most, zone = new Date(from).getTimezoneOffset()) {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? Math.ceil((to - from) / most / (24 * HOUR)) * 24 * HOUR;
  const shift = zone * MINUTE;
  const marks = [];
  for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to; at += step) marks.push(at);
  return marks;
}

/**
 * The point that is nearest to a time.
 *
 * @param {readonly Point[]} points in order
 * @param {number} at
 * @param {number} within ms
 */
export function valueAt(points, at, within) {
  let best;
  for (const point of points) {
    if (!best || Math.abs(point.at - at) <= Math.abs(best.at - at)) best = point;
  }
  return best && Math.abs(best.at - at) <= within ? best.value : undefined;
}

/** What was measured lately, by name; what is older than that is forgotten. */
export class Recent {
  /** @type {Map<string, Point[]>} */
  #series = new Map();

  /** @param {number} ms */
  constructor(ms) {
    this.ms = ms;
  }

  /** @param {string} name @param {number} at @param {number | undefined} value */
  add(name, at, value) {
    const points = (this.#series.get(name) ?? []).filter((point) => at - point.at <= this.ms);
    points.push({ at, value });
    this.#series.set(name, points);
  }

  /** @param {string} name @returns {readonly Point[]} */
  of(name) {
    return this.#series.get(name) ?? [];
  }

  /** Of those that are still there. @param {(name: string) => boolean} keep */
  keep(keep) {
    for (const name of this.#series.keys()) if (!keep(name)) this.#series.delete(name);
  }
}

/** How fast counters rise, by name, in units per second. */
export class Rates {
  /** @type {Map<string, { at: number, count: number }>} */
  #last = new Map();

  /**
   * @param {string} name
   * @param {number} at ms
   * @param {number | undefined} count
   * @returns {number | undefined} undefined: not known yet, or it began anew
   */
  of(name, at, count) {
    const before = this.#last.get(name);
    if (count === undefined) return undefined;
    this.#last.set(name, { at, count });
    if (!before || at <= before.at || count < before.count) return undefined;
    return (1000 * (count - before.count)) / (at - before.at);
  }
}
