package dev.noir.event;

/**
 * Something that has happened in a room of this node. More kinds may come: who switches over them has a default.
 *
 * <p>In the order in which it has happened, room by room; between rooms there is none.
 */
public interface RoomEvent {
    /** The room's name. */
    String room();

    /**
     * Counts the events of a room from its {@link RoomOpened}, which is 1, to its {@link RoomClosed}: a gap is something that was
     * not told, because its observers did not keep up.
     */
    long sequence();
}
