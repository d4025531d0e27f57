package dev.noir.event;

/** This node hosts the room from now on. */
public record RoomOpened(String room, long sequence) implements RoomEvent {}
