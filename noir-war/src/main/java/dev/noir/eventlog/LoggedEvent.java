package dev.noir.eventlog;

import dev.noir.event.RoomEvent;
import java.time.Instant;

/**
 * Something that happened in a room, as it stands in the log.
 *
 * @param number counts the room's events from 1, without a gap, whichever node hosts it
 * @param time when it happened, by the clock of the room's host
 * @param type as in docs/extending.md: {@code peer.joined}
 * @param json all of it: an object with {@code type}, {@code timestamp} and {@code data}
 */
public record LoggedEvent(String room, long number, Instant time, String type, String json) {
    static LoggedEvent of(long number, Instant time, RoomEvent event) {
        return new LoggedEvent(event.room(), number, time, EventJson.type(event), EventJson.write(number, time, event));
    }
}
