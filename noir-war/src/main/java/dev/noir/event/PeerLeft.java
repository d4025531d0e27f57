package dev.noir.event;

/** A peer that had joined is not in the room any more, for whatever reason; its tracks have ended before. */
public record PeerLeft(String room, long sequence, String peer, String principal) implements PeerEvent {}
