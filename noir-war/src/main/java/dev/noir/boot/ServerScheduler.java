package dev.noir.boot;

import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Time as the room sees it. Thread: any. */
final class ServerScheduler implements Scheduler, AutoCloseable {
    // Given.
    private final ScheduledExecutorService scheduler;

    // State.
    private final Set<Deadline> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ServerScheduler(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Deadline deadline = new Deadline(task, pending);
        pending.add(deadline);
        if (closed) {
            deadline.cancel();
        } else {
            deadline.future = scheduler.schedule(deadline, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
        return deadline;
    }

    /** Cancels what is still to come. */
    @Override
    public void close() {
        closed = true;
        pending.forEach(Deadline::cancel);
    }

    /**
     * A task to come. Its scheduler may keep a cancelled one until its time has come: all that is left of it by then is this.
     */
    private static final class Deadline implements Runnable, Timer {
        private final AtomicReference<@Nullable Runnable> task;
        private final Set<Deadline> pending;

        // Volatile: set by whoever schedules, perhaps after the task has run; read by whoever cancels.
        private volatile @Nullable Future<?> future;

        Deadline(Runnable task, Set<Deadline> pending) {
            this.task = new AtomicReference<>(task);
            this.pending = pending;
        }

        @Override
        public void run() {
            pending.remove(this);
            Runnable due = task.getAndSet(null);
            if (due != null) {
                due.run();
            }
        }

        @Override
        public void cancel() {
            pending.remove(this);
            task.set(null);
            Future<?> scheduled = future;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
