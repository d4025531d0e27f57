package dev.noir.event;

/** Something that one of those in the room has done. */
public interface PeerEvent extends RoomEvent {
    /** Its name in the room, which it may have chosen itself. */
    String peer();

    /** The name under which the server or a token knows it; empty: anonymous. */
    String principal();
}
