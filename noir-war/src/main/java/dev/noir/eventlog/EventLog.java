package dev.noir.eventlog;

import dev.noir.room.RoomId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What has happened in rooms, to be read again and followed, of all rooms at any node. Thread: any; does not block. */
public interface EventLog {
    /** At most so many are returned at once. */
    int MAX_REPLAYED = 1000;

    /** Is told of events, one at a time and in order; may block, and is told of no further ones meanwhile. */
    interface Listener {
        void happened(LoggedEvent event);
    }

    /** Ends it; an event may still be under way. */
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * The first events from that number on that are still there; none: there are no more yet, or nothing is known of the room.
     * Fails with {@link dev.noir.room.RoomException} UNAVAILABLE while the store is away.
     */
    CompletionStage<List<LoggedEvent>> replay(RoomId room, long from, int limit);

    /**
     * Tells of the events from that number on that are still there, and then of each as soon as it is written: at once if this
     * node hosts the room, else within a second. While the store is away nothing is told, and nothing left out afterwards.
     *
     * @throws dev.noir.room.RoomException UNAVAILABLE when too many follow already
     */
    Following follow(RoomId room, long from, Listener listener);
}
