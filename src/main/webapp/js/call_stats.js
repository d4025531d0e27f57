// Bitrates and the like, read from two successive getStats reports.

/** @typedef {{ [key: string]: any, type: string, kind?: string, id: string, timestamp: number }} Entry */
/** @typedef {Map<string, Entry>} Report */

/**
 * @param {RTCStatsReport | null | undefined} stats
 * @returns {Report}
 */
export function toReport(stats) {
  /** @type {Report} */
  const report = new Map();
  stats?.forEach((entry) => report.set(entry.id, entry));
  return report;
}

/**
 * @param {Report} now
 * @param {Report} before
 * @returns {[string, string][]} label and value
 */
export function sentFigures(now, before) {
  const video = busiest(now, before, 'outbound-rtp', 'video', 'bytesSent');
  const pair = [...now.values()].find((entry) => entry.type === 'candidate-pair' && entry.nominated);
  return [
    ['Video', bitrate(sum(now, before, 'outbound-rtp', 'video', 'bytesSent'))],
    ['Audio', bitrate(sum(now, before, 'outbound-rtp', 'audio', 'bytesSent'))],
    ['Picture', picture(video)],
    ['Codec', codecOf(now, video)],
    ['Round trip', milliseconds(pair?.currentRoundTripTime)],
    ['Held back by', String(video?.qualityLimitationReason ?? '–').replace('none', 'nothing')],
  ];
}

/**
 * @param {Report} now
 * @param {Report} before
 * @returns {[string, string][]}
 */
export function receivedFigures(now, before) {
  const video = busiest(now, before, 'inbound-rtp', 'video', 'bytesReceived');
  const audio = busiest(now, before, 'inbound-rtp', 'audio', 'bytesReceived');
  return [
    ['Video', bitrate(sum(now, before, 'inbound-rtp', 'video', 'bytesReceived'))],
    ['Audio', bitrate(sum(now, before, 'inbound-rtp', 'audio', 'bytesReceived'))],
    ['Picture', picture(video)],
    ['Codec', codecOf(now, video)],
    ['Lost packets', count(addUp(video?.packetsLost, audio?.packetsLost))],
    ['Jitter buffer', milliseconds(bufferDelay(video))],
  ];
}

/**
 * @param {Report} now
 * @param {Report} before
 * @param {string} type
 * @param {string} kind
 * @param {string} key
 */
function sum(now, before, type, kind, key) {
  let total = 0;
  for (const entry of now.values()) {
    if (entry.type === type && entry.kind === kind) total += rate(entry, before, key);
  }
  return total;
}

/**
 * With simulcast there are several rtp streams of a kind: the one that carries most.
 *
 * @param {Report} now
 * @param {Report} before
 * @param {string} type
 * @param {string} kind
 * @param {string} key
 * @returns {Entry | undefined}
 */
function busiest(now, before, type, kind, key) {
  return [...now.values()]
    .filter((entry) => entry.type === type && entry.kind === kind)
    .sort((a, b) => rate(b, before, key) - rate(a, before, key))[0];
}

/**
 * @param {Entry} entry
 * @param {Report} before
 * @param {string} key a byte counter
 * @returns {number} bit/s
 */
function rate(entry, before, key) {
  const earlier = before.get(entry.id);
  const elapsedMs = earlier ? entry.timestamp - earlier.timestamp : 0;
  return earlier && elapsedMs > 0 ? ((entry[key] - earlier[key]) * 8 * 1000) / elapsedMs : 0;
}

/** @param {Entry | undefined} entry */
function bufferDelay(entry) {
  return entry?.jitterBufferEmittedCount > 0 ? entry?.jitterBufferDelay / entry?.jitterBufferEmittedCount : undefined;
}

/**
 * @param {number | undefined} a
 * @param {number | undefined} b
 */
function addUp(a, b) {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}

/** @param {number} bps */
function bitrate(bps) {
  return bps >= 1_000_000 ? `${(bps / 1_000_000).toFixed(2)} Mbit/s` : `${Math.round(bps / 1000)} kbit/s`;
}

/** @param {Entry | undefined} entry */
function picture(entry) {
  if (!entry?.frameWidth) return '–';
  return `${entry.frameWidth}×${entry.frameHeight}, ${Math.round(entry.framesPerSecond ?? 0)}/s`;
}

/**
 * @param {Report} now
 * @param {Entry | undefined} entry
 */
function codecOf(now, entry) {
  return entry?.codecId ? String(now.get(entry.codecId)?.mimeType ?? '–').replace(/^\w+\//, '') : '–';
}

/** @param {number | undefined} seconds */
function milliseconds(seconds) {
  return seconds === undefined || Number.isNaN(seconds) ? '–' : `${Math.round(seconds * 1000)} ms`;
}

/** @param {number | undefined} value */
function count(value) {
  return value === undefined ? '–' : String(value);
}
