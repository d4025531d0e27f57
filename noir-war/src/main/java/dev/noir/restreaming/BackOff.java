package dev.noir.restreaming;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: a second, then twice as long each time, less some part of it. Thread: one at a time. */
final class BackOff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final double LEAST = 0.75; // Of it: many that have lost the same server must not come back at once.

    private final RandomGenerator random;
    private int failures;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** After another failure. */
    Duration next() {
        long doubled = FIRST.toMillis() << Math.min(failures++, 10);
        long millis = Math.min(doubled, LONGEST.toMillis());
        return Duration.ofMillis((long) (millis * (LEAST + (1 - LEAST) * random.nextDouble())));
    }

    /** In a row. */
    int failures() {
        return failures;
    }

    /** It has gone well for long enough. */
    void reset() {
        failures = 0;
    }
}
