package dev.noir.recording;

import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Has many things done in rounds, all that waits in each: to wake a thread for every frame costs more than what is done with it. Where there is nothing to
 * do there is no round. Thread: any.
 */
final class Rounds {
    /** What is executed waits for so long at most. */
    static final Duration INTERVAL = Duration.ofMillis(200);

    // Given.
    private final Scheduler scheduler;
    private final Executor threads;

    // State. Guarded by `this`.
    private List<Lane> waiting = new ArrayList<>();

    /** @param threads for what blocks */
    Rounds(Scheduler scheduler, Executor threads) {
        this.scheduler = scheduler;
        this.threads = threads;
    }

    /** Tasks that are done one at a time and in order; those of other lanes beside them. */
    Lane lane(String name) {
        return new Lane(name);
    }

    private synchronized void enlist(Lane lane) {
        waiting.add(lane);
        if (waiting.size() == 1) {
            scheduler.schedule(INTERVAL, this::round);
        }
    }

    /** One now, not only when it is time for it. */
    void round() {
        for (Lane lane : takeWaiting()) {
            lane.hurry();
        }
    }

    private synchronized List<Lane> takeWaiting() {
        List<Lane> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    /** One of them. */
    final class Lane implements Executor {
        // Owned.
        private final SerialExecutor executor;

        // State. Guarded by `this`.
        private List<Runnable> tasks = new ArrayList<>();

        private Lane(String name) {
            this.executor = new SerialExecutor(name, threads);
        }

        @Override
        public void execute(Runnable task) {
            synchronized (this) {
                tasks.add(task);
                if (tasks.size() > 1) {
                    return;
                }
            }
            enlist(this);
        }

        /** What waits is done without waiting for the round. */
        void hurry() {
            synchronized (this) { // Together, or what was taken later might overtake.
                executor.executeAll(tasks);
                tasks = new ArrayList<>();
            }
        }
    }
}
