// What the explain panel shows of an answer: figures over time, and lines of words. Nothing of the page in here, so
// that it can be tested without one.

/** @typedef {{ estimate?: number, sent?: number, lossPermille?: number, rttMs?: number, limitedBy?: string, queueMs?: number }} Bandwidth */
/**
 * @typedef {object} TrackFigures
 * @property {string} [uid]
 * @property {string} stream
 * @property {string} kind
 * @property {boolean} screen
 * @property {string} why
 * @property {number} [bytes]
 * @property {number} [allocatedBitrate]
 * @property {number} [lossPermille]
 * @property {number} [lost]
 * @property {number} [rttMs]
 * @property {number} [jitterMs]
 * @property {number} [keyFrameRequests]
 * @property {number} [sinceKeyFrameMs]
 * @property {{ bitrate: number, active: boolean, packets: number, lost: number, jitterMs: number, keyFrameRequests: number,
 *   sinceKeyFrameMs?: number, width: number, height: number }[]} [encodings]
 */
/**
 * @typedef {object} ConnectionFigures
 * @property {string} state
 * @property {{ local?: string, remote: string }} [pair]
 * @property {{ rttMs?: number, proven: boolean }} [path]
 * @property {{ version: string, suite: string }} [dtls]
 * @property {string} srtp
 * @property {Bandwidth} [bandwidth]
 * @property {{ packets: number, bytes: number, ms: number }} queue
 * @property {TrackFigures[]} tracks
 */
/** @typedef {{ publisher?: ConnectionFigures, subscriber?: ConnectionFigures }} PeerFigures */
/** @typedef {{ at: number, values: Record<string, number | undefined> }} Sample at: ms */
/** @typedef {{ who: string, what: string, why: string, figures: string[] }} TrackLine */

export const WINDOW_MS = 120_000;

export class History {
  /** @type {Sample[]} */
  samples = [];
  /** @type {{ at: number, bytes: number } | undefined} */
  #counted;

  /** @param {number} at @param {PeerFigures} peer */
  add(at, peer) {
    const said = peer.subscriber;
    const line = said?.bandwidth;
    const reported = (said?.tracks ?? []).filter(({ lossPermille }) => lossPermille !== undefined);
    const worst = Math.max(0, ...reported.map(({ lossPermille }) => lossPermille ?? 0));
    const round = line?.rttMs || reported.map(({ rttMs }) => rttMs).find(Boolean) || said?.path?.rttMs;
    this.samples.push({
      at,
      values: {
        estimate: line?.estimate,
        sent: line?.sent ?? this.#rate(at, said?.tracks ?? []),
        loss: line ? (line.lossPermille ?? 0) / 10 : reported.length ? worst / 10 : undefined,
        rtt: round,
      },
    });
    this.samples = this.samples.filter((sample) => at - sample.at <= WINDOW_MS);
  }

  /** @param {number} at @param {TrackFigures[]} tracks */
  #rate(at, tracks) {
    const before = this.#counted;
    const bytes = tracks.reduce((sum, track) => sum + (track.bytes ?? 0), 0);
    this.#counted = { at, bytes };
    // A track that ends takes its bytes with it.
    return before && bytes >= before.bytes ? ((bytes - before.bytes) * 8000) / (at - before.at) : undefined;
  }

  clear() {
    this.samples = [];
    this.#counted = undefined;
  }

  /** @param {string} name */
  latest(name) {
    return this.samples.at(-1)?.values[name];
  }

  /** @param {string[]} names */
  highest(names) {
    return Math.max(0, ...this.samples.flatMap(({ values }) => names.map((name) => values[name] ?? 0)));
  }

  /**
   * A line through the samples, as the points of an SVG path; gaps where nothing was known.
   *
   * @param {string} name
   * @param {{ now: number, width: number, height: number, top: number }} plot top: the value at its upper edge
   */
  path(name, { now, width, height, top }) {
    let drawing = false;
    let path = '';
    for (const { at, values } of this.samples) {
      const value = values[name];
      if (value === undefined) {
        drawing = false;
        continue;
      }
      const x = width * (1 - (now - at) / WINDOW_MS);
      const y = height * (1 - Math.min(value / top, 1));
      path += `${drawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      drawing = true;
    }
    return path;
  }
}

/**
 * A round number that is not less: 1, 2 or 5 and zeros.
 *
 * @param {number} value
 * @param {number} least
 */
export function roundUp(value, least) {
  const at = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(at));
  const digit = [1, 2, 5, 10].find((step) => step * power >= at * 0.999) ?? 10;
  return digit * power;
}

/** @param {number | undefined} bps */
export function rateInWords(bps) {
  if (bps === undefined) return '–';
  return bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bps / 1000)} kbit/s`;
}

/** @param {number | undefined} value */
export function millisInWords(value) {
  if (value === undefined) return '–';
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** @param {number | undefined} ms */
function ageInWords(ms) {
  if (ms === undefined) return [];
  return [`key frame ${ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`} ago`];
}

/** @param {TrackFigures} track */
function whatIs({ kind, screen }) {
  return kind === 'audio' ? 'sound' : screen ? 'screen' : 'camera';
}

/**
 * @param {TrackFigures} track
 * @param {(uid: string, stream: string) => string} nameOf
 * @returns {TrackLine} of a track that we get
 */
export function lineOfReceived(track, nameOf) {
  const figures = track.kind === 'video' && track.allocatedBitrate ? [rateInWords(track.allocatedBitrate)] : [];
  if (track.lossPermille !== undefined) figures.push(`loss ${(track.lossPermille / 10).toFixed(1)} %`);
  if (track.rttMs !== undefined) figures.push(`round trip ${millisInWords(track.rttMs)}`);
  if (track.jitterMs !== undefined) figures.push(`jitter ${millisInWords(track.jitterMs)}`);
  if (track.kind === 'video') {
    figures.push(...ageInWords(track.sinceKeyFrameMs));
    if (track.keyFrameRequests) figures.push(`${track.keyFrameRequests} key frames asked for`);
  }
  return { who: nameOf(track.uid ?? '', track.stream), what: whatIs(track), why: track.why, figures };
}

/**
 * @param {TrackFigures} track
 * @returns {TrackLine} of a track of ours
 */
export function lineOfOwn(track) {
  const active = (track.encodings ?? []).filter((encoding) => encoding.active);
  const best = active.at(-1);
  const figures = [rateInWords(active.reduce((sum, { bitrate }) => sum + bitrate, 0))];
  if (best && best.width) figures.push(`${best.width} × ${best.height}`);
  if ((track.encodings ?? []).length > 1) figures.push(`${active.length} of ${track.encodings?.length} layers`);
  if (best) {
    figures.push(`${Math.max(0, best.lost)} lost`, `jitter ${millisInWords(best.jitterMs)}`);
    if (track.kind === 'video') figures.push(...ageInWords(best.sinceKeyFrameMs));
  }
  const why = track.why === 'as wanted' ? (best ? 'arrives' : 'nothing arrives') : track.why;
  return { who: 'You', what: whatIs(track), why, figures };
}

/**
 * @param {PeerFigures} peer
 * @returns {[string, string][]} what there is to know of the connection, by name
 */
export function factsOf(peer) {
  const said = peer.subscriber ?? peer.publisher;
  if (!said) return [];
  /** @type {[string, string][]} */
  const facts = [];
  const line = said.bandwidth;
  facts.push(['Estimate limited by', line?.limitedBy ?? 'not measured: this browser does not report']);
  const { packets, bytes, ms } = said.queue;
  facts.push(['Waiting to be sent', packets ? `${packets} packets, ${Math.round(bytes / 1000)} kB, ${millisInWords(ms)}` : 'nothing']);
  if (said.pair) facts.push(['Path', `${said.pair.remote} ↔ ${localInWords(said.pair.local)}`]);
  if (said.dtls) facts.push(['Encryption', `${said.dtls.version}, ${said.srtp}`], ['Cipher suite', said.dtls.suite]);
  return facts;
}

/** @param {string | undefined} candidate of RFC 8839 §5.1 */
function localInWords(candidate) {
  const parts = candidate?.split(' ') ?? [];
  return parts.length >= 8 ? `${parts[4]}:${parts[5]} (${parts[7]}, ${parts[2]})` : 'the server';
}
