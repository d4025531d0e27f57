package dev.noir.event;

/**
 * The room goes on at another node: those who leave this one from now on until its {@link RoomClosed} may be there already. In the
 * event log it stands where the other node goes on; who does not come along leaves afterwards.
 */
public record RoomMoved(String room, long sequence) implements RoomEvent {}
