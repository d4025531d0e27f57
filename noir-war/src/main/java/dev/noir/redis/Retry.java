package dev.noir.redis;

import java.time.Duration;

/** How long to wait before the next attempt: at first hardly, then twice as long each time, a second at most. */
record Retry(Duration pause) {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMillis(400);

    Retry() {
        this(FIRST);
    }

    Retry next() {
        Duration twice = pause.multipliedBy(2);
        return new Retry(twice.compareTo(LONGEST) < 0 ? twice : LONGEST);
    }

    /** It is no passing thing: several attempts have failed. */
    boolean isTrouble() {
        return pause.compareTo(LONG) >= 0;
    }
}
