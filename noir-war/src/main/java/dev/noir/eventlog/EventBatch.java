package dev.noir.eventlog;

import dev.noir.room.RoomLease;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is added to a room's log in one atomic step, together with what it changes of the {@link Roll}.
 *
 * @param lease under which it happened
 * @param before the number of the event before the first of these
 * @param events in the order of their numbers; none: the log is kept for longer, and nothing else
 * @param open of the roll, afterwards
 * @param changed peers of the roll: empty when they are not in the room any more
 * @param anew the store has lost what it had: {@code changed} is all of the roll
 */
public record EventBatch(
        RoomLease lease,
        long before,
        List<LoggedEvent> events,
        boolean open,
        Map<String, Optional<Attendance>> changed,
        boolean anew) {
    public EventBatch {
        events = List.copyOf(events);
        changed = Map.copyOf(changed);
    }

    long last() {
        return before + events.size();
    }
}
