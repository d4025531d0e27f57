package dev.noir.eventlog;

import java.util.Map;

/**
 * How a room stands after the last event of its log.
 *
 * @param last the number of that event; 0: there is none
 * @param open somebody hosts the room, or did when he died
 */
public record Roll(long last, boolean open, Map<String, Attendance> peers) {
    public static final Roll EMPTY = new Roll(0, false, Map.of());

    public Roll {
        peers = Map.copyOf(peers);
    }
}
