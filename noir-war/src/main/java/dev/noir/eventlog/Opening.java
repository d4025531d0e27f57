package dev.noir.eventlog;

import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomMoved;
import dev.noir.room.RoomLease;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One time that this node hosts a room: what has been told of it and is not written yet. Thread: what is marked so under the lock of
 * {@link EventWriter}; the rest its own.
 */
final class Opening {
    /** So many events a step writes of a room, and what follows from the last of them: the store does nothing else meanwhile. */
    static final int MAX_BATCH = 64;

    private record Told(RoomEvent event, Instant time, long nanos) {}

    // Given.
    private final RoomLease lease;

    // State. Under the lock.
    private final Queue<Told> told = new ArrayDeque<>();
    private final Ledger now;
    private long missing;
    private boolean behind;
    private boolean over;

    // State. Of the writer.
    private @Nullable Ledger ledger;
    private @Nullable EventBatch outgoing;
    private long last;
    private long openedNanos;
    private long writtenNanos;
    private boolean settled;

    Opening(RoomLease lease) {
        this.lease = lease;
        this.now = new Ledger(lease.room().value());
    }

    RoomLease lease() {
        return lease;
    }

    /** Under the lock. False: it is not kept, but how the room stands afterwards is. */
    boolean tell(RoomEvent event, Instant time, long nanos, boolean place) {
        over |= event instanceof RoomClosed || event instanceof RoomMoved;
        if (event instanceof RoomMoved) {
            return false; // It is written where the room goes on.
        }
        now.apply(event);
        if (behind || !place) {
            behind = true;
            missing++;
            return false;
        }
        told.add(new Told(event, time, nanos));
        return true;
    }

    /** Under the lock: how many wait. */
    int waiting() {
        return told.size();
    }

    /** Under the lock: how long the first one has waited. */
    long waitedNanos(long nanos) {
        Told first = told.peek();
        return first == null ? 0 : nanos - first.nanos();
    }

    /** Under the lock: nothing more is told, and all is written. */
    boolean isDone() {
        return over && told.isEmpty() && !behind && outgoing == null;
    }

    /** Under the lock: nothing more is told. */
    boolean isOver() {
        return over;
    }

    boolean isOpen() {
        return ledger != null;
    }

    void opened(Roll roll, long nanos) {
        ledger = new Ledger(lease.room().value(), roll);
        last = roll.last();
        openedNanos = nanos;
        writtenNanos = nanos;
        settled = roll.peers().isEmpty();
    }

    /**
     * Under the lock: what is to be written next, the same until it is {@link #written}.
     *
     * @return null: nothing
     */
    @Nullable
    EventBatch next(EventWriter.Times times, Instant time, long nanos) {
        Ledger known = ledger;
        if (known == null || outgoing != null) {
            return outgoing;
        }
        List<LoggedEvent> events = events(known, times, time, nanos);
        if (!events.isEmpty() || nanos - writtenNanos >= times.renewal().toNanos()) {
            outgoing = new EventBatch(lease, last, events, known.isOpen(), known.takeChanges(), false);
        }
        return outgoing;
    }

    /** What one of them leads to stays together: else who goes on after a crash would not know how much of it is written. */
    private List<LoggedEvent> events(Ledger known, EventWriter.Times times, Instant time, long nanos) {
        List<LoggedEvent> events = new ArrayList<>();
        while (events.size() < MAX_BATCH && !told.isEmpty()) {
            Told next = told.remove();
            number(known.apply(next.event()), next.time(), events);
        }
        if (behind && told.isEmpty()) {
            number(known.catchUp(now, missing), time, events);
            behind = false;
            missing = 0;
        }
        if (!settled && !over && nanos - openedNanos >= times.grace().toNanos()) {
            settled = true;
            number(known.settle(), time, events);
        }
        return events;
    }

    private void number(List<RoomEvent> made, Instant time, List<LoggedEvent> events) {
        for (RoomEvent event : made) {
            events.add(LoggedEvent.of(last + events.size() + 1, time, event));
        }
    }

    void written(long number, long nanos) {
        outgoing = null;
        last = number;
        writtenNanos = nanos;
    }

    /** The store has lost what was written: it goes on with the same numbers. */
    void writeAnew() {
        EventBatch lost = outgoing;
        Ledger known = ledger;
        if (lost != null && known != null) {
            outgoing = new EventBatch(lease, lost.before(), lost.events(), lost.open(), known.takeAll(), true);
        }
    }

    /** Under the lock: another one has written meanwhile, and the log has to be read again. How many events that costs. */
    int lapse() {
        EventBatch lost = outgoing;
        int dropped = told.size();
        missing += dropped + (lost == null ? 0 : lost.events().size());
        told.clear();
        outgoing = null;
        ledger = null;
        behind = true;
        return dropped;
    }
}
