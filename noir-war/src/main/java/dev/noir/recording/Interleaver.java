package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings the frames of several tracks, each in its own order, into one by their time: a picture whose packets had to be asked for
 * again comes later than the sound that belongs to it. Thread: one at a time.
 */
final class Interleaver {
    /** A frame and whose it is. */
    record Timed(String track, EncodedFrame frame) {}

    private static final class Lane {
        private final String track;
        private final ArrayDeque<EncodedFrame> frames = new ArrayDeque<>();
        private boolean live = true;

        Lane(String track) {
            this.track = track;
        }

        long time() {
            return frames.element().captureMicros();
        }
    }

    // As long as the core waits for what is lost.
    private static final long HOLD_MICROS = TimeUnit.SECONDS.toMicros(1);

    // State.
    private final List<Lane> lanes = new ArrayList<>();
    private long newest = Long.MIN_VALUE;
    private long bytes;

    /** A track may bring frames from now on. */
    void begin(String track) {
        lanes.add(new Lane(track));
    }

    /** It brings no more. Those that are here still come out. */
    void end(String track) {
        lanes.forEach(lane -> lane.live &= !lane.track.equals(track));
        forget();
    }

    /** Of a track that has begun and not ended. */
    void add(String track, EncodedFrame frame) {
        for (Lane lane : lanes) {
            if (lane.live && lane.track.equals(track)) {
                lane.frames.add(frame);
                newest = Math.max(newest, frame.captureMicros());
                bytes += frame.data().length;
            }
        }
    }

    /** Of the frames that wait, in bytes. */
    long waiting() {
        return bytes;
    }

    /** From the oldest that waits to the newest there was. */
    Duration span() {
        Lane oldest = oldest();
        return oldest == null ? Duration.ZERO : Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(newest - oldest.time()));
    }

    /** The next one; null: there is none, or another may still come before it. */
    @Nullable
    Timed poll() {
        Lane oldest = oldest();
        return oldest != null && (isComplete() || newest - oldest.time() >= HOLD_MICROS) ? take(oldest) : null;
    }

    /** The next one of those that are here, whatever may still come; null: there is none. */
    @Nullable
    Timed drain() {
        Lane oldest = oldest();
        return oldest == null ? null : take(oldest);
    }

    private boolean isComplete() {
        for (Lane lane : lanes) {
            if (lane.frames.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Lane oldest() {
        Lane oldest = null;
        for (Lane lane : lanes) {
            if (!lane.frames.isEmpty() && (oldest == null || lane.time() < oldest.time())) {
                oldest = lane;
            }
        }
        return oldest;
    }

    private Timed take(Lane lane) {
        EncodedFrame frame = lane.frames.remove();
        bytes -= frame.data().length;
        forget();
        return new Timed(lane.track, frame);
    }

    private void forget() {
        lanes.removeIf(lane -> !lane.live && lane.frames.isEmpty());
    }
}
