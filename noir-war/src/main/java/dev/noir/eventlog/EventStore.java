package dev.noir.eventlog;

import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Port: where logs are kept. Each step is atomic. Thread: any; may block for a round trip, and throws {@link RoomException}
 * UNAVAILABLE when the store cannot be asked.
 */
public interface EventStore {
    /**
     * What has become of a batch.
     *
     * @param last the number of the log's last event, if {@link Outcome#WRITTEN} or {@link Outcome#ELSEWHERE}
     */
    record Written(Outcome outcome, long last) {}

    enum Outcome {
        WRITTEN,
        /** Nothing is changed: the log's last event has another number than the batch's writer believes. */
        ELSEWHERE,
        /** Nothing is changed: another node has the room, or has had it since. */
        DEPOSED,
        /** Nothing is known, of this room alone. */
        FAILED
    }

    /** Who hosts the room begins to write: nobody who hosted it before can any more. Empty: nor can he, see {@link Outcome#DEPOSED}. */
    Optional<Roll> open(RoomLease lease);

    /** What has become of each. */
    List<Written> append(List<EventBatch> batches);

    /** The first events from that number on that are still there, in order. */
    List<LoggedEvent> read(RoomId room, long from, int limit);

    /** Rooms that are open by their logs and that no node has. */
    default List<RoomId> abandoned() {
        return List.of();
    }

    /** Rooms to whose logs something may have been added in this last time. */
    List<RoomId> written(Duration within);
}
