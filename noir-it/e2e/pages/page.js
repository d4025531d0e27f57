// What the test pages have in common: how long they stood still, and what a connection says of its media.

const TICK_MS = 20;
let stallMs = 0;
let tickedAt = performance.now();
setInterval(() => {
  const now = performance.now();
  stallMs = Math.max(stallMs, now - tickedAt - TICK_MS);
  tickedAt = now;
}, TICK_MS);

/** @returns how long this page stood still at most since the last call, in milliseconds */
export function takeStall() {
  const taken = Math.round(stallMs);
  stallMs = 0;
  return taken;
}

/** @param {RTCInboundRtpStreamStats} entry */
export function figuresOf(entry) {
  return {
    kind: entry.kind,
    packetsReceived: entry.packetsReceived ?? 0,
    packetsLost: entry.packetsLost ?? 0,
    bytes: entry.bytesReceived ?? 0,
    framesDecoded: entry.framesDecoded ?? 0,
    frameWidth: entry.frameWidth ?? 0,
    repeats: entry.retransmittedPacketsReceived ?? 0,
    freezeCount: entry.freezeCount ?? 0,
    totalFreezesDuration: entry.totalFreezesDuration ?? 0,
    keyFramesDecoded: entry.keyFramesDecoded ?? 0,
    totalAudioEnergy: entry.totalAudioEnergy ?? 0,
    totalSamplesReceived: entry.totalSamplesReceived ?? 0,
  };
}

/**
 * @param {RTCPeerConnection} connection
 * @returns {Promise<{ rid: string, width: number, frames: number, flowing: boolean, bytes: number, repeats: number,
 *   mode?: string }[]>} each encoding of video that it sends, the smallest first
 */
export async function encodingsOf(connection) {
  const entries = [...(await connection.getStats()).values()];
  const encodings = entries
    .filter((entry) => entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.frameWidth)
    .map((entry) => ({
      rid: entry.rid ?? '',
      width: entry.frameWidth,
      frames: entry.framesSent,
      flowing: entry.framesPerSecond > 0,
      bytes: entry.bytesSent,
      repeats: entry.retransmittedPacketsSent ?? 0,
      mode: entry.scalabilityMode,
    }));
  return encodings.sort((a, b) => a.width - b.width);
}

/**
 * @param {RTCPeerConnection?} connection
 * @returns how many pictures the camera has taken for it until when, and how many it is to take in a second; nothing when it sends
 *   none, and in Firefox
 */
export async function capturedFor(connection) {
  const sender = connection?.getSenders().find(({ track }) => track?.kind === 'video');
  if (!sender) return null;
  const source = [...(await sender.getStats()).values()].find(({ type }) => type === 'media-source');
  const { frameRate } = sender.track.getSettings();
  return source?.frames && frameRate ? { frames: source.frames, rate: frameRate, atMs: source.timestamp } : null;
}
