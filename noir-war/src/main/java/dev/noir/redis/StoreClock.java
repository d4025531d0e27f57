package dev.noir.redis;

import java.time.Duration;

/**
 * What this node knows of the clock of Redis: by how much it is before the node's own, at least and at most. Both go on as time
 * does, so that what is known once holds until somebody sets the clock. Immutable.
 *
 * @param lowestNanos to be added to the node's time
 * @param highestNanos as above
 */
record StoreClock(long lowestNanos, long highestNanos) {
    // Two clocks of different machines, from heartbeat to heartbeat.
    private static final Duration DRIFT = Duration.ofMillis(50);

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    /**
     * Read once.
     *
     * @param beforeNanos when it was asked
     * @param afterNanos when the answer was here
     */
    static StoreClock read(long beforeNanos, long afterNanos, long millis) {
        return new StoreClock(millis * NANOS_PER_MILLI - afterNanos, (millis + 1) * NANOS_PER_MILLI - beforeNanos);
    }

    /** Somebody has set it between the two. */
    boolean wasSetSince(StoreClock earlier) {
        return lowestNanos - earlier.highestNanos > DRIFT.toNanos()
                || earlier.lowestNanos - highestNanos > DRIFT.toNanos();
    }

    /** The latest it can be. */
    long latestMillis(long nowNanos) {
        return (nowNanos + highestNanos) / NANOS_PER_MILLI;
    }

    /** The best guess. */
    long micros(long nowNanos) {
        return (nowNanos + lowestNanos + (highestNanos - lowestNanos) / 2) / NANOS_PER_MICRO;
    }
}
