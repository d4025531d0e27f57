package dev.noir.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Polls a condition of another process: the only place of the system tests that sleeps. */
final class Deadline {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final long endNanos;
    private final Duration limit;

    private Deadline(Duration limit) {
        this.limit = limit;
        endNanos = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    /** Waits until the condition holds, or fails with what was waited for. */
    static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        await(() -> what, limit, condition);
    }

    /** The same, where what there is in its place is worth telling: asked for at the end only. */
    static void await(Supplier<String> what, Duration limit, Callable<Boolean> condition) throws Exception {
        Deadline deadline = in(limit);
        while (!condition.call()) {
            deadline.pause(what);
        }
    }

    /** Sleeps a little, or fails when the time is up. */
    void pause(String waitingFor) throws InterruptedException {
        pause(() -> waitingFor);
    }

    private void pause(Supplier<String> waitingFor) throws InterruptedException {
        if (System.nanoTime() - endNanos > 0) {
            throw new AssertionError("Waited " + limit + " in vain for " + waitingFor.get());
        }
        Thread.sleep(PAUSE.toMillis());
    }
}
