package dev.noir.eventlog;

import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The log as doors read it. What a follower is to be told is read from the store, at once when something was written here, else
 * twice a second. Thread: any; tasks of {@code threads} wait for the store.
 */
public final class FollowedLog implements EventLog, AutoCloseable {
    private static final Logger LOG = System.getLogger(FollowedLog.class.getName());

    static final int MAX_FOLLOWERS = 1000;
    static final Duration LOOK = Duration.ofMillis(500);

    private static final int AT_ONCE = 200;

    // Given.
    private final EventStore store;
    private final Executor threads;
    private final Scheduler scheduler;

    // State.
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public FollowedLog(EventStore store, Executor threads, Scheduler scheduler) {
        this.store = store;
        this.threads = threads;
        this.scheduler = scheduler;
    }

    @Override
    public CompletionStage<List<LoggedEvent>> replay(RoomId room, long from, int limit) {
        return CompletableFuture.supplyAsync(() -> store.read(room, from, Math.min(limit, MAX_REPLAYED)), threads);
    }

    @Override
    public Following follow(RoomId room, long from, Listener listener) {
        if (closed || followers.size() >= MAX_FOLLOWERS) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "too many follow events already");
        }
        Follower follower = new Follower(room, from, listener);
        followers.add(follower);
        follower.look();
        return follower;
    }

    /** Something was added to the room's log here. Does not block. */
    public void written(RoomId room) {
        for (Follower follower : followers) {
            if (follower.room.equals(room)) {
                follower.look();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        followers.forEach(Follower::close);
    }

    private final class Follower implements Following {
        private final RoomId room;
        private final Listener listener;
        private final SerialExecutor tasks;
        private final AtomicBoolean asked = new AtomicBoolean();
        private final AtomicBoolean timed = new AtomicBoolean();

        // State. Of its tasks.
        private long next;

        Follower(RoomId room, long from, Listener listener) {
            this.room = room;
            this.next = Math.max(1, from);
            this.listener = listener;
            this.tasks = new SerialExecutor("follower of " + room, threads);
        }

        void look() {
            if (asked.compareAndSet(false, true)) {
                tasks.execute(this::read);
            }
        }

        private void read() {
            asked.set(false);
            boolean more = true;
            while (more && followers.contains(this)) {
                List<LoggedEvent> events = events();
                events.forEach(this::tell);
                more = events.size() == AT_ONCE;
            }
            if (followers.contains(this) && timed.compareAndSet(false, true)) {
                scheduler.schedule(LOOK, this::lookAgain);
            }
        }

        private void lookAgain() {
            timed.set(false);
            look();
        }

        private List<LoggedEvent> events() {
            try {
                return store.read(room, next, AT_ONCE);
            } catch (RoomException e) {
                LOG.log(Level.DEBUG, "Events cannot be read now", e);
                return List.of();
            }
        }

        private void tell(LoggedEvent event) {
            next = event.number() + 1;
            if (!followers.contains(this)) {
                return;
            }
            try {
                listener.happened(event);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "Who follows " + room + " has failed, and does so no longer", e);
                close();
            }
        }

        @Override
        public void close() {
            followers.remove(this);
        }
    }
}
