package dev.noir.redis;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** How long Redis takes to answer, and how often it had to be connected to. Alone: nothing. Thread: any. */
public final class RedisTimes {
    private final LongAdder connections = new LongAdder();

    // Volatile: set before the start, read by whoever asks Redis.
    private volatile Consumer<Duration> watch = took -> {};

    /** Told of every round trip of looking something up; must not block. */
    public void watch(Consumer<Duration> told) {
        watch = told;
    }

    /** Connections so far, those before the present one included. */
    public long connections() {
        return connections.sum();
    }

    void connected() {
        connections.increment();
    }

    void took(Duration trip) {
        watch.accept(trip);
    }
}
