package dev.noir.eventlog;

import dev.noir.event.RoomEvent;
import dev.noir.event.RoomOpened;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes what rooms of this node tell into their logs. What cannot be written now waits; when too much waits, it is left out, and
 * how the room stands is written instead, so that whoever has joined still leaves. Thread: {@link #run} and {@link #step} its own;
 * the rest any, and does not wait for the store.
 */
public final class EventWriter implements RoomEvents, Runnable, AutoCloseable {
    private static final Logger LOG = System.getLogger(EventWriter.class.getName());

    /** Of all rooms together. */
    static final int MAX_WAITING = 50_000;

    /** Of one. */
    static final int MAX_WAITING_EACH = 5000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    /**
     * How patient it is.
     *
     * @param grace after another host's end, for who comes along to do so; longer than any client tries
     * @param renewal after which a log in which nothing happens is kept for longer
     */
    public record Times(Duration grace, Duration renewal) {
        public static Times of(LogLimits limits) {
            return new Times(Duration.ofSeconds(30), limits.renewal());
        }
    }

    /** What one room has to write. */
    private record Turn(Opening opening, EventBatch batch) {}

    // Given.
    private final EventStore store;
    private final Function<RoomId, Optional<RoomLease>> leases;
    private final Consumer<RoomId> onWritten;
    private final Scheduler time;
    private final Clock clock;
    private final Times times;

    // Owned.
    private final LongAdder writtenCount = new LongAdder();
    private final LongAdder droppedCount = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);

    // State. Under the lock, which is never held during a round trip.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Deque<Opening>> rooms = new LinkedHashMap<>();
    private final Map<String, Opening> current = new HashMap<>();
    private int waiting;
    private boolean closing;
    private boolean closed;

    // State. Of the writer.
    private Duration pause = Duration.ZERO;

    /**
     * @param leases of the rooms that this node hosts now; must not block
     * @param onWritten told of rooms to whose logs something was added; must not block
     */
    public EventWriter(
            EventStore store,
            Function<RoomId, Optional<RoomLease>> leases,
            Consumer<RoomId> onWritten,
            Scheduler time,
            Clock clock,
            Times times) {
        this.store = store;
        this.leases = leases;
        this.onWritten = onWritten;
        this.time = time;
        this.clock = clock;
        this.times = times;
    }

    @Override
    public void happened(RoomEvent event) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (event instanceof RoomOpened) {
                open(event.room());
            }
            Opening opening = current.get(event.room());
            if (opening != null) {
                tell(opening, event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. A room without a lease is about to close here. */
    private void open(String room) {
        current.remove(room);
        leases.apply(new RoomId(room)).ifPresent(lease -> {
            Opening opening = new Opening(lease);
            current.put(room, opening);
            rooms.computeIfAbsent(room, name -> new ArrayDeque<>()).add(opening);
        });
    }

    private void tell(Opening opening, RoomEvent event) {
        boolean place = waiting < MAX_WAITING && opening.waiting() < MAX_WAITING_EACH;
        if (opening.tell(event, clock.instant(), time.nanoTime(), place)) {
            waiting++;
        }
        if (opening.isOver()) {
            current.remove(event.room(), opening);
        }
    }

    /** Events in logs, ever. */
    public long written() {
        return writtenCount.sum();
    }

    /** Events that no log will ever have. */
    public long dropped() {
        return droppedCount.sum();
    }

    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** How long the one that waits longest has waited. */
    public Duration lag() {
        lock.lock();
        try {
            long now = time.nanoTime();
            return Duration.ofNanos(rooms.values().stream()
                    .mapToLong(openings -> openings.element().waitedNanos(now))
                    .max()
                    .orElse(0));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (!isOver()) {
                step();
                await();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "The server ends its threads", e);
        } finally {
            ended.countDown();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return closed || (closing && rooms.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    private void await() throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = pause.isZero() ? LOOK.toNanos() : pause.toNanos();
            while (leftNanos > 0 && !closed && (!pause.isZero() || (waiting == 0 && !closing))) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes some of what waits. */
    void step() {
        try {
            boolean all = openLogs();
            List<Turn> turns = collect();
            all &= turns.isEmpty() || write(turns);
            if (all) {
                pause = Duration.ZERO;
            } else {
                rest();
            }
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, "Events cannot be written now", e);
            rest();
        } catch (RuntimeException | Error e) { // A bug, of one room it may be; the others' turn comes again.
            LOG.log(Level.ERROR, "Events were not written", e);
            rest();
        }
    }

    private void rest() {
        Duration next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    /** False: some cannot be opened now. */
    private boolean openLogs() {
        boolean all = true;
        for (Opening opening : atTurn()) {
            if (!opening.isOpen()) {
                Optional<Roll> roll = store.open(opening.lease());
                if (roll.isPresent()) {
                    opening.opened(roll.get(), time.nanoTime());
                } else {
                    all &= deposed(opening);
                }
            }
        }
        return all;
    }

    /** The first opening of each room is at its turn. */
    private List<Opening> atTurn() {
        lock.lock();
        try {
            return rooms.values().stream().map(Deque::element).toList();
        } finally {
            lock.unlock();
        }
    }

    private List<Turn> collect() {
        List<Turn> turns = new ArrayList<>();
        lock.lock();
        try {
            for (Deque<Opening> openings : List.copyOf(rooms.values())) {
                Opening opening = openings.element();
                int before = opening.waiting();
                EventBatch batch = opening.next(times, clock.instant(), time.nanoTime());
                waiting -= before - opening.waiting();
                if (batch != null) {
                    turns.add(new Turn(opening, batch));
                } else if (opening.isDone()) {
                    remove(opening);
                }
            }
            return turns;
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private void remove(Opening opening) {
        String room = opening.lease().room().value();
        current.remove(room, opening);
        Deque<Opening> openings = rooms.get(room);
        if (openings != null && openings.remove(opening) && openings.isEmpty()) {
            rooms.remove(room);
        }
    }

    /** False: something is not written, and has to be tried again. */
    private boolean write(List<Turn> turns) {
        List<EventStore.Written> results =
                store.append(turns.stream().map(Turn::batch).toList());
        boolean good = true;
        for (int i = 0; i < results.size(); i++) {
            good &= settle(turns.get(i).opening(), turns.get(i).batch(), results.get(i));
        }
        return good;
    }

    private boolean settle(Opening opening, EventBatch batch, EventStore.Written result) {
        return switch (result.outcome()) {
            case WRITTEN -> written(opening, batch);
            case ELSEWHERE -> elsewhere(opening, batch, result.last());
            case DEPOSED -> deposed(opening);
            case FAILED -> false;
        };
    }

    private boolean written(Opening opening, EventBatch batch) {
        opening.written(batch.last(), time.nanoTime());
        if (!batch.events().isEmpty()) {
            writtenCount.add(batch.events().size());
            onWritten.accept(batch.lease().room());
        }
        return true;
    }

    private boolean elsewhere(Opening opening, EventBatch batch, long last) {
        if (last == batch.last()) { // It was written, and the answer got lost: under this lease nobody else writes.
            return written(opening, batch);
        }
        if (last < batch.before()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: the store has lost events from {1} on",
                    opening.lease().room(),
                    last + 1);
            opening.writeAnew();
            return true;
        }
        lock.lock();
        try {
            waiting -= opening.lapse();
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** While this node has the lease all the same, it is about to be put in force again. */
    private boolean deposed(Opening opening) {
        RoomLease lease = opening.lease();
        int lost;
        lock.lock();
        try {
            if (leases.apply(lease.room()).filter(lease::equals).isPresent()) {
                return false;
            }
            lost = opening.waiting();
            waiting -= lost;
            droppedCount.add(lost);
            remove(opening);
        } finally {
            lock.unlock();
        }
        if (lost > 0) {
            LOG.log(Level.INFO, "{0}: {1} events are not in its log; another node has the room", lease.room(), lost);
        }
        return true;
    }

    /** What waits is still written, if that works at once. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "Events were not written in time: {0}", waiting());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
