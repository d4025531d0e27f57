package dev.noir.room;

import dev.noir.event.RoomEvent;

/**
 * Port: how rooms tell what happens in them. Implementations neither block nor throw; they are told of one room's events one at
 * a time and in order. Thread: rooms.
 */
public interface RoomEvents {
    /** Nobody listens. */
    RoomEvents NONE = event -> {};

    void happened(RoomEvent event);
}
