package dev.noir.boot;

import dev.noir.event.RoomEvent;
import dev.noir.room.RoomEvents;
import dev.noir.room.SerialExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Tells observers what happens in rooms, on threads that nothing of noiR waits for: they are other people's code, which may be
 * slow, wait for ever or throw. A room's events keep their order. Thread: any.
 */
final class ObservedEvents implements RoomEvents, AutoCloseable {
    private static final Logger LOG = System.getLogger(ObservedEvents.class.getName());

    /** Who is told. */
    interface Observers {
        /** Whether anybody wants events of this one's class. */
        boolean observe(RoomEvent event);

        /** Runs them, one after the other. */
        void tell(RoomEvent event);
    }

    /** Rows of events; each room has its place in one, so that it holds up a part of the other rooms at most. */
    static final int ROWS = 4;

    /** In one row; more are dropped, and their numbers are missing. */
    static final int MAX_WAITING = 10_000;

    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    // Given.
    private final Observers observers;

    // Owned. By class, since asking CDI takes longer than many a room's task.
    private final ConcurrentHashMap<Class<?>, Boolean> observed = new ConcurrentHashMap<>();
    private final List<Row> rows;

    ObservedEvents(Observers observers, ExecutorService threads) {
        this.observers = observers;
        this.rows = IntStream.range(0, ROWS)
                .mapToObj(i -> new Row(new SerialExecutor("observers", threads)))
                .toList();
    }

    @Override
    public void happened(RoomEvent event) {
        if (observed.computeIfAbsent(event.getClass(), type -> observers.observe(event))) {
            rows.get(Math.floorMod(event.room().hashCode(), ROWS)).add(event);
        }
    }

    private final class Row {
        private final SerialExecutor tasks;
        private final AtomicInteger waiting = new AtomicInteger();

        // Volatile: a warning too many does no harm.
        private volatile boolean full;

        Row(SerialExecutor tasks) {
            this.tasks = tasks;
        }

        void add(RoomEvent event) {
            if (waiting.get() >= MAX_WAITING) {
                if (!full) {
                    full = true;
                    LOG.log(Level.WARNING, "Observers of room events do not keep up; events are dropped");
                }
                return;
            }
            waiting.incrementAndGet();
            tasks.execute(() -> {
                waiting.decrementAndGet();
                full = false;
                tell(event);
            });
        }

        private void tell(RoomEvent event) {
            try {
                observers.tell(event);
            } catch (Throwable e) { // Anything may come out of other people's code.
                LOG.log(Level.ERROR, "An observer of " + event + " has failed", e);
            }
        }
    }

    /** What has happened is still told, if that does not take long. */
    @Override
    public void close() {
        CountDownLatch told = new CountDownLatch(ROWS);
        rows.forEach(row -> row.tasks.execute(told::countDown));
        try {
            if (!told.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "Observers of room events have not been told of the last ones in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
