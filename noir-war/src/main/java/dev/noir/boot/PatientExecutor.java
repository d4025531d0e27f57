package dev.noir.boot;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Threads of a server that may have none: its executor is full, the server is suspended and will end without having been
 * resumed, or the system gives no more, which Java calls out of memory. No task may be lost, since a leave would keep its room
 * for ever: what the server refuses goes to a few threads of our own, and what they refuse is offered to both again a little
 * later. How many there are is bounded where they come in. Thread: any.
 */
final class PatientExecutor implements Executor {
    static final long PAUSE_MILLIS = 50;

    // Given.
    private final Executor threads;
    private final Executor spare;
    private final ScheduledExecutorService scheduler;

    // Volatile: set by whoever closes.
    private volatile boolean closed;

    PatientExecutor(Executor threads, Executor spare, ScheduledExecutorService scheduler) {
        this.threads = threads;
        this.spare = spare;
        this.scheduler = scheduler;
    }

    @Override
    public void execute(Runnable task) {
        if (isTaken(threads, task)) {
            return;
        }
        if (closed) {
            throw new RejectedExecutionException("noiR has ended");
        }
        if (!isTaken(spare, task)) {
            var unused = scheduler.schedule(() -> again(task), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isTaken(Executor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return false;
        }
    }

    private void again(Runnable task) {
        if (!closed) {
            execute(task);
        }
    }

    /** Nothing is offered again from now on. */
    void close() {
        closed = true;
    }
}
