package dev.noir.room;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Time that passes when the test says so. */
public final class FakeScheduler implements Scheduler {
    private record Task(long dueNanos, Runnable action) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Timer schedule(Duration delay, Runnable action) {
        Task task = new Task(now + delay.toNanos(), action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /** Runs what falls due, in order. */
    public void advance(Duration duration) {
        long end = now + duration.toNanos();
        for (Optional<Task> next = next(end); next.isPresent(); next = next(end)) {
            tasks.remove(next.get());
            now = next.get().dueNanos();
            next.get().action().run();
        }
        now = end;
    }

    private Optional<Task> next(long end) {
        return tasks.stream().filter(task -> task.dueNanos() <= end).min(Comparator.comparingLong(Task::dueNanos));
    }

    public int pending() {
        return tasks.size();
    }
}
