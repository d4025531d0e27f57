// Who sends pictures, who has the microphone on, who speaks: read from the receivers, without a word on the wire.
//
// A publisher that switches its camera or microphone off sends no packets at all (RoomConnection.setTrack), so the RTP
// timestamp of the last packet stands still. Silence in an open microphone still sends packets.

const POLL_MS = 250;
const STILL_MS = 1200;
const SPEAKING_LEVEL = 0.03;
const SPEAKING_HOLD_MS = 600;

/** @typedef {{ video: boolean, microphone: boolean, speaking: boolean }} Activity */
/** @typedef {{ rtpTimestamp: number, movedAt: number, spokeAt: number }} Seen */

export class ActivityMonitor {
  /** @type {WeakMap<MediaStreamTrack, Seen>} */
  #seen = new WeakMap();

  /**
   * @param {() => RTCPeerConnection | null} subscriber
   * @param {() => Iterable<[MediaStream, (activity: Activity) => void]>} streams
   */
  constructor(subscriber, streams) {
    this.subscriber = subscriber;
    this.streams = streams;
    setInterval(() => this.#poll(performance.now()), POLL_MS);
  }

  /** @param {number} now */
  #poll(now) {
    for (const receiver of this.subscriber()?.getReceivers() ?? []) this.#look(receiver, now);
    for (const [stream, report] of this.streams()) {
      const audio = stream.getAudioTracks().map((track) => this.#seen.get(track));
      const video = stream.getVideoTracks().map((track) => this.#seen.get(track));
      report({
        microphone: audio.some((seen) => isMoving(seen, now)),
        video: video.some((seen) => isMoving(seen, now)),
        speaking: audio.some((seen) => seen !== undefined && now - seen.spokeAt < SPEAKING_HOLD_MS),
      });
    }
  }

  /**
   * @param {RTCRtpReceiver} receiver
   * @param {number} now
   */
  #look(receiver, now) {
    const source = receiver.getSynchronizationSources?.()[0];
    if (!source) return;
    const seen = this.#seen.get(receiver.track) ?? { rtpTimestamp: -1, movedAt: -Infinity, spokeAt: -Infinity };
    if (seen.rtpTimestamp !== source.rtpTimestamp) {
      seen.rtpTimestamp = source.rtpTimestamp;
      seen.movedAt = now;
      if ((source.audioLevel ?? 0) > SPEAKING_LEVEL) seen.spokeAt = now;
    }
    this.#seen.set(receiver.track, seen);
  }
}

/**
 * @param {Seen | undefined} seen
 * @param {number} now
 */
function isMoving(seen, now) {
  return seen !== undefined && now - seen.movedAt < STILL_MS;
}
