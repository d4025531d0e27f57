package dev.noir.eventlog;

import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Looks for rooms whose host has died and that nobody has opened again: by their logs people are still in them. One that stays so from
 * one look to the next is opened and closed by this node, so that its log says who has left. Thread: tasks of {@code threads}, one after
 * the other; {@link #start} and {@link #close} any.
 */
public final class AbandonedRooms implements AutoCloseable {
    /** Longer than clients take to come along to another host. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOG = System.getLogger(AbandonedRooms.class.getName());

    // Given.
    private final EventStore store;
    private final Consumer<RoomId> settle;
    private final Executor threads;
    private final Scheduler scheduler;
    private final Duration interval;

    // State. Of the look that is under way.
    private Set<RoomId> suspected = Set.of();

    private volatile boolean closed;

    /** @param settle opens a room if nobody has it, and closes it; must not block */
    public AbandonedRooms(
            EventStore store, Consumer<RoomId> settle, Executor threads, Scheduler scheduler, Duration interval) {
        this.store = store;
        this.settle = settle;
        this.threads = threads;
        this.scheduler = scheduler;
        this.interval = interval;
    }

    public void start() {
        if (!closed) {
            scheduler.schedule(interval, () -> threads.execute(this::look));
        }
    }

    private void look() {
        try {
            Set<RoomId> abandoned = new HashSet<>(store.abandoned());
            abandoned.stream().filter(suspected::contains).forEach(settle);
            suspected = abandoned;
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, "It cannot be looked for abandoned rooms now", e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "It was not looked for abandoned rooms", e);
        } finally {
            start();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
