package dev.noir.room;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The rooms hosted here, each with the number of peers and joins that need it: the first opens the room, the last one
 * to go closes it, and nobody ever meets a closed room. Thread: any.
 */
final class RoomRegistry {
    private record Entry(Room room, int users) {}

    // Given.
    private final RoomDirectory directory;
    private final Function<RoomLease, Room> opener;

    // The map's own per-key lock makes "claim and open" and "close and release" one step each.
    private final ConcurrentHashMap<RoomId, Entry> rooms = new ConcurrentHashMap<>();

    RoomRegistry(RoomDirectory directory, Function<RoomLease, Room> opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /** The room with one more user. */
    Room acquire(RoomId id) {
        Entry acquired = rooms.compute(
                id, (key, entry) -> entry == null ? new Entry(open(key), 1) : new Entry(entry.room, entry.users + 1));
        return acquired.room;
    }

    void release(Room room) {
        rooms.computeIfPresent(room.id(), (key, entry) -> {
            if (entry.users > 1) {
                return new Entry(entry.room, entry.users - 1);
            }
            entry.room.close();
            directory.release(entry.room.lease());
            return null;
        });
    }

    private Room open(RoomId id) {
        RoomLease lease = directory.claim(id);
        if (!lease.node().equals(directory.node())) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the room is hosted by another node");
        }
        try {
            return opener.apply(lease);
        } catch (RuntimeException e) {
            directory.release(lease);
            throw e;
        }
    }

    List<Room> rooms() {
        return rooms.values().stream().map(Entry::room).toList();
    }

    int size() {
        return rooms.size();
    }
}
