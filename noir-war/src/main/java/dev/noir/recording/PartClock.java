package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time in a part, from its first frame on. Thread: one at a time. */
final class PartClock {
    private static final int HALF_MS = 500; // µs

    private final long startMicros;
    private long lastMicros;

    /** @param startMicros of the first frame, in µs since 1970 */
    PartClock(long startMicros) {
        this.startMicros = startMicros;
    }

    Instant start() {
        return Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(startMicros));
    }

    /** When the next frame is to be shown, in µs since the start; never before the last one: clocks are corrected as reports come in. */
    long next(EncodedFrame frame) {
        lastMicros = Math.max(lastMicros, frame.captureMicros() - startMicros);
        return lastMicros;
    }

    /** The nearest millisecond. */
    static long ms(long micros) {
        return TimeUnit.MICROSECONDS.toMillis(micros + HALF_MS);
    }
}
