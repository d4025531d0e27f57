package dev.noir.webhook;

import dev.noir.eventlog.LoggedEvent;
import dev.noir.room.RoomId;
import dev.noir.webhook.WebhookStore.Position;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One room's events on their way to one receiver, one at a time. Thread: the dispatcher's. */
final class Lane {
    static final Position BEGINNING = new Position(0, Instant.EPOCH);

    // Given.
    private final Target target;
    private final RoomId room;

    // State.
    private final Deque<LoggedEvent> read = new ArrayDeque<>();
    private Position position;
    private boolean more = true; // There may be more in the log than was read.
    private boolean underWay;
    private int failures;
    private long notBeforeNanos;

    Lane(Target target, RoomId room, Position position, long nanos) {
        this.target = target;
        this.room = room;
        this.position = position;
        this.notBeforeNanos = nanos;
    }

    Target target() {
        return target;
    }

    RoomId room() {
        return room;
    }

    Position position() {
        return position;
    }

    /** Something may have been written. */
    void look() {
        more = true;
    }

    boolean isDue(long nanos) {
        return !underWay && nanos - notBeforeNanos >= 0 && (more || !read.isEmpty());
    }

    /** Nothing is left to do. */
    boolean isIdle() {
        return !underWay && !more && read.isEmpty();
    }

    boolean isUnderWay() {
        return underWay;
    }

    int failures() {
        return failures;
    }

    /** The event that is to be sent next, if it has been read. */
    @Nullable
    LoggedEvent next() {
        return read.peek();
    }

    /** True: the log has to be read from {@link #position} on. */
    boolean needsReading() {
        return read.isEmpty() && more;
    }

    /**
     * What stands in the log from the position on, that included.
     *
     * @return false: the log is another one than the position is of, and has to be read from its beginning
     */
    boolean read(List<LoggedEvent> events, int limit) {
        more = events.size() >= limit;
        if (position.number() == 0) {
            read.addAll(events);
            return true;
        }
        if (events.isEmpty()) {
            return false;
        }
        LoggedEvent first = events.get(0);
        if (first.number() == position.number()) {
            if (!first.time().equals(position.time())) {
                return false;
            }
            read.addAll(events.subList(1, events.size()));
        } else {
            read.addAll(events); // What was between is forgotten.
        }
        return true;
    }

    void beginAnew() {
        position = BEGINNING;
        more = true;
    }

    void sent() {
        underWay = true;
    }

    /** Also of one that the receiver does not want. */
    void done(LoggedEvent event) {
        underWay = false;
        failures = 0;
        read.poll();
        position = new Position(event.number(), event.time());
    }

    void failed(long notBefore) {
        underWay = false;
        failures++;
        notBeforeNanos = notBefore;
    }
}
