package dev.noir.room;

import java.time.Duration;

/** Port: time. Thread: any. */
public interface Scheduler {
    /** Monotonic, with an arbitrary start, in nanoseconds. */
    long nanoTime();

    /** Runs a short, non-blocking task once after the delay, on a thread of the implementation's choice. */
    Timer schedule(Duration delay, Runnable task);

    /** A task to come. */
    interface Timer {
        /** The task will not start any more. Harmless when it has run. */
        void cancel();
    }
}
