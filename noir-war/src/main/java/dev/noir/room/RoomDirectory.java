package dev.noir.room;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Port: who hosts which room. Every method is one atomic step. Thread: any; may block for a network round trip, and throws
 * {@link RoomException} UNAVAILABLE when the shared store can't be asked.
 */
public interface RoomDirectory {
    /**
     * Takes the room for this node unless a live node has it. Only the node that will host it calls this.
     *
     * @return the lease in force afterwards: this node's with a new epoch, this node's as it stood, or another node's
     * @throws RoomException ROOM_ENDED while the name is reserved after the end of a room
     */
    RoomLease claim(RoomId room);

    Optional<RoomLease> find(RoomId room);

    /** Prolongs the lease. False: it is lost, and the room must be closed here. */
    boolean renew(RoomLease lease);

    /** Renews many; returns those that are lost. */
    default List<RoomLease> renewAll(Collection<RoomLease> leases) {
        return leases.stream().filter(lease -> !renew(lease)).toList();
    }

    /**
     * Puts a lease in force again that this node has held all the time and the store may have forgotten: it was away, or came
     * back empty. False: there is, or has been, an owner with a higher epoch; the room must be closed here.
     */
    boolean reassert(RoomLease lease);

    /** Re-asserts many; returns those that are lost. */
    default List<RoomLease> reassertAll(Collection<RoomLease> leases) {
        return leases.stream().filter(lease -> !reassert(lease)).toList();
    }

    /** Gives the room up. False when the lease was not in force any more; nothing has changed then. */
    default boolean release(RoomLease lease) {
        return release(lease, Duration.ZERO);
    }

    /** Gives the room up; for so long nobody can claim it. */
    boolean release(RoomLease lease, Duration reserve);

    /**
     * What somebody has laid down for this room; the rest, or all of it, as by default. Asked by the owner when it opens the
     * room.
     */
    RoomOptions options(RoomId room, RoomOptions defaults);

    /**
     * What was laid down for the room when it was open last, for whoever opens it now; {@link RoomState#NONE}: nothing, or that
     * was too long ago.
     */
    RoomState state(RoomId room);

    /**
     * Keeps the state for whoever opens the room next: for {@link #STATE_TTL}, its bans until they are over.
     *
     * @return false: the lease is not in force; nothing has changed
     */
    boolean saveState(RoomLease lease, RoomState state);

    /** How long a state is kept if it is not saved again: longer than any room is without a host. */
    Duration STATE_TTL = Duration.ofMinutes(15);

    /** This node's id, as in {@link RoomLease#node}. */
    String node();
}
