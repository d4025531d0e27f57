// What the command `explain` says of a room, as the console shows it. Nothing of the page in here.

import { Rates } from './scale.js';
import { rank, rate, severityOf } from './words.js';

/** @typedef {import('../explain_view.js').PeerFigures & { uid: string }} ExplainedPeer */
/** @typedef {import('../explain_view.js').TrackFigures & { encoding?: number, sending?: boolean, allocated?: { spatial: number, temporal: number } }} SentTrack */
/** @typedef {{ level: 'good' | 'info' | 'warning' | 'bad', text: string, why: string, screen: boolean, kind: string }} Cell */

/** @typedef {'good' | 'info' | 'warning' | 'bad'} Level */

/** @param {Level} one @param {Level} other @returns {Level} */
export function worse(one, other) {
  return rank(other) > rank(one) ? other : one;
}

/** @param {{ height?: number }} picture */
function lines({ height }) {
  return height ? `${height}p` : '';
}

/**
 * What somebody sends: a line for each track.
 *
 * @param {ExplainedPeer | undefined} peer
 * @returns {{ kind: string, screen: boolean, text: string, flows: boolean }[]}
 */
export function sentBy(peer) {
  return (peer?.publisher?.tracks ?? []).map(({ kind, screen, encodings = [] }) => {
    const active = encodings.filter((encoding) => encoding.active);
    const bps = active.reduce((sum, { bitrate }) => sum + bitrate, 0);
    const size = kind === 'video' ? lines(active.at(-1) ?? {}) : '';
    return { kind, screen, flows: active.length > 0, text: active.length ? [size, rate(bps)].filter(Boolean).join(', ') : 'nothing' };
  });
}

/**
 * Who gets what of whom, by the receiver's and the sender's uid.
 *
 * @param {readonly ExplainedPeer[]} peers
 * @returns {Map<string, Map<string, Cell[]>>}
 */
export function deliveries(peers) {
  const all = new Map();
  for (const { uid, subscriber } of peers) {
    const row = new Map();
    for (const track of /** @type {SentTrack[]} */ (subscriber?.tracks ?? [])) {
      const cells = row.get(track.uid) ?? [];
      cells.push(cellOf(track, peers.find((peer) => peer.uid === track.uid)));
      row.set(track.uid, cells.sort((/** @type {Cell} */ a, /** @type {Cell} */ b) => a.kind.localeCompare(b.kind)));
    }
    all.set(uid, row);
  }
  return all;
}

/** @param {SentTrack} track @param {ExplainedPeer | undefined} sender @returns {Cell} */
function cellOf(track, sender) {
  const { kind, screen, why } = track;
  return { kind, screen, why, level: severityOf(why), text: kind === 'audio' ? 'sound' : pictureOf(track, sender) };
}

/** @param {SentTrack} track @param {ExplainedPeer | undefined} sender */
function pictureOf(track, sender) {
  if (track.why.startsWith('paused')) return 'paused';
  if (/^(nothing|not sent)/.test(track.why)) return 'nothing';
  const source = sender?.publisher?.tracks.find(({ kind, stream }) => kind === 'video' && stream === track.stream);
  const encodings = source?.encodings ?? [];
  const encoding = encodings[track.encoding ?? track.allocated?.spatial ?? encodings.length - 1] ?? encodings.at(-1);
  return lines(encoding ?? {}) || 'picture';
}

/**
 * The worst that somebody gets, with the sentence.
 *
 * @param {ReadonlyMap<string, readonly Cell[]> | undefined} row
 * @returns {{ level: Level, uid: string, cell?: Cell }}
 */
export function worstOfRow(row) {
  /** @type {{ level: Level, uid: string, cell?: Cell }} */
  let worst = { level: 'good', uid: '' };
  for (const [uid, cells] of row ?? []) {
    for (const cell of cells) if (worse(worst.level, cell.level) !== worst.level) worst = { level: cell.level, uid, cell };
  }
  return worst;
}

/** What a room is like as a whole, from answer to answer. */
export class RoomFigures {
  #rates = new Rates();

  /**
   * @param {number} now ms
   * @param {readonly ExplainedPeer[]} peers
   * @returns {{ sent: number | undefined, received: number, loss: number | undefined, delay: number | undefined }} bit/s, percent, ms
   */
  of(now, peers) {
    const losses = [];
    const delays = [];
    let [sent, known] = [0, false];
    for (const { uid, subscriber } of peers) {
      for (const { stream, kind, bytes, lossPermille, rttMs } of subscriber?.tracks ?? []) {
        const bps = this.#rates.of(JSON.stringify([uid, stream, kind]), now, bytes);
        known ||= bps !== undefined;
        sent += 8 * (bps ?? 0);
        if (lossPermille !== undefined) losses.push(lossPermille / 10);
        if (rttMs !== undefined) delays.push(rttMs);
      }
      const line = subscriber?.bandwidth;
      if (line?.lossPermille !== undefined) losses.push(line.lossPermille / 10);
      if (line?.rttMs !== undefined) delays.push(line.rttMs);
    }
    const received = peers.reduce((sum, peer) => sum + bitrateFrom(peer), 0);
    const most = (/** @type {number[]} */ all) => (all.length ? Math.max(...all) : undefined);
    return { sent: known ? sent : undefined, received, loss: most(losses), delay: most(delays) };
  }
}

/** @param {ExplainedPeer} peer */
function bitrateFrom(peer) {
  const encodings = (peer.publisher?.tracks ?? []).flatMap((track) => track.encodings ?? []);
  return encodings.filter(({ active }) => active).reduce((sum, { bitrate }) => sum + bitrate, 0);
}
