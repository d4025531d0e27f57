package dev.noir.room;

import java.util.Optional;

/** Port: who hosts which room. Every method is one atomic step. Thread: any; may block for a network round trip. */
public interface RoomDirectory {
    /**
     * Takes the room for this node unless it is taken.
     *
     * @return the lease in force afterwards: this node's with a new epoch, this node's as it stood, or another node's
     */
    RoomLease claim(RoomId room);

    Optional<RoomLease> find(RoomId room);

    /** Prolongs the lease. False: it is lost, and the room must be closed here. */
    boolean renew(RoomLease lease);

    /** Gives the room up. False when the lease was not in force any more; nothing has changed then. */
    boolean release(RoomLease lease);

    /** This node's id, as in {@link RoomLease#node}. */
    String node();
}
