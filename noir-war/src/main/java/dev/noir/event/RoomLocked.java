package dev.noir.event;

/**
 * Nobody is let in from now on, or people are again.
 *
 * @param locked what holds now
 */
public record RoomLocked(String room, long sequence, boolean locked) implements RoomEvent {}
