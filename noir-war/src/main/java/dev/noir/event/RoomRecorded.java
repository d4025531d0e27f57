package dev.noir.event;

/**
 * What is said and shown in the room is recorded from now on, or no more.
 *
 * @param recorded what holds now
 */
public record RoomRecorded(String room, long sequence, boolean recorded) implements RoomEvent {}
