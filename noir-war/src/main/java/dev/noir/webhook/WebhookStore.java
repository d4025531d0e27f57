package dev.noir.webhook;

import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import java.time.Instant;
import java.util.Map;

/**
 * Port: how far deliveries are, and which node of the cluster makes them. Thread: any; may block for a round trip, and throws {@link
 * RoomException} UNAVAILABLE when it cannot be asked.
 */
public interface WebhookStore {
    /**
     * The last event of a room that its receiver has had.
     *
     * @param time when it happened: tells it from one with the same number in a log that was begun anew
     */
    record Position(long number, Instant time) {}

    /**
     * A webhook as it is known to all nodes.
     *
     * @param since events from before it was known are not for it
     * @param gone its receiver has said 410
     */
    record Registration(Instant since, boolean gone) {}

    /** Whether this node delivers, from now on for {@link #LEAD_SECONDS}; to be asked again before. */
    boolean lead();

    int LEAD_SECONDS = 10;

    /** Another node may. */
    void resign();

    /** Makes it known if it is not. */
    Registration register(String webhook);

    Map<RoomId, Position> positions(String webhook);

    /** False: another node delivers by now, and nothing is changed. */
    boolean advance(String webhook, RoomId room, Position position);

    /** Its room's log is forgotten. */
    void forget(String webhook, RoomId room);

    /** Its receiver wants nothing any more. */
    void disable(String webhook);
}
