package dev.noir.event;

/** This node hosts the room no longer: it is empty, over, or goes on at another node. */
public record RoomClosed(String room, long sequence) implements RoomEvent {}
