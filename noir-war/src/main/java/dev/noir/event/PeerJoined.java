package dev.noir.event;

/** A peer is in the room; also one that has come from another node together with it. */
public record PeerJoined(String room, long sequence, String peer, String principal) implements PeerEvent {}
