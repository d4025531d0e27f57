package dev.noir.boot;

import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Time as the room sees it, on the server's scheduler. Thread: any. */
final class ServerScheduler implements Scheduler {
    private final ScheduledExecutorService scheduler;

    ServerScheduler(ScheduledExecutorService scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Deadline deadline = new Deadline(task);
        deadline.future = scheduler.schedule(deadline, delay.toNanos(), TimeUnit.NANOSECONDS);
        return deadline;
    }

    /**
     * A task to come. Schedulers of servers keep a cancelled one until its time has come: all that is left of it by then is this.
     */
    private static final class Deadline implements Runnable, Timer {
        private final AtomicReference<@Nullable Runnable> task;

        // Volatile: set by whoever schedules, perhaps after the task has run; read by whoever cancels.
        private volatile @Nullable Future<?> future;

        Deadline(Runnable task) {
            this.task = new AtomicReference<>(task);
        }

        @Override
        public void run() {
            Runnable due = task.getAndSet(null);
            if (due != null) {
                due.run();
            }
        }

        @Override
        public void cancel() {
            task.set(null);
            Future<?> scheduled = future;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
