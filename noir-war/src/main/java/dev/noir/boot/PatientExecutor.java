package dev.noir.boot;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Threads of a server that may have none for a moment: its executor is full, or the system gives no more, which Java calls out
 * of memory. What is refused is offered again a little later, since no task that was taken may be lost; a leave would keep its
 * room for ever. How many there are is bounded where they come in. Thread: any.
 */
final class PatientExecutor implements Executor {
    static final long PAUSE_MILLIS = 50;

    // Given.
    private final Executor threads;
    private final ScheduledExecutorService scheduler;

    // Volatile: set by whoever closes.
    private volatile boolean closed;

    PatientExecutor(Executor threads, ScheduledExecutorService scheduler) {
        this.threads = threads;
        this.scheduler = scheduler;
    }

    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            if (closed) {
                throw new RejectedExecutionException("noiR has ended", e);
            }
            var unused = scheduler.schedule(() -> again(task), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
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
