package dev.noir.event;

/**
 * A peer has been sent to another room; that it has left follows. Whether it comes there is told by that room.
 *
 * @param to the other room's name
 */
public record PeerMoved(String room, long sequence, String peer, String principal, String to) implements PeerEvent {}
