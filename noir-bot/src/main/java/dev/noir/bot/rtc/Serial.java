package dev.noir.bot.rtc;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs tasks one after the other, in their order, on threads of others. Thread: any. */
public final class Serial implements Executor {
    private final Executor workers;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // Guarded by itself, as is `running`.
    private boolean running;

    public Serial(Executor workers) {
        this.workers = workers;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) { // For a moment.
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        next();
    }

    private void next() {
        try {
            workers.execute(this::run);
        } catch (RejectedExecutionException e) {
            synchronized (waiting) { // The process ends: nobody misses them.
                waiting.clear();
            }
        }
    }

    private void run() {
        Runnable task;
        synchronized (waiting) { // For a moment.
            task = waiting.poll();
            running = task != null;
        }
        if (task != null) {
            try {
                task.run();
            } finally {
                next();
            }
        }
    }
}
