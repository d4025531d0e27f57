package dev.noir.cluster;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directory in memory. Directories made of the same {@link Shared} are nodes that see each other; a node alone has
 * its own. Leases never run out. Thread: any.
 */
public final class LocalRoomDirectory implements RoomDirectory {
    /** What the nodes of one process share. */
    public static final class Shared {
        private final ConcurrentMap<RoomId, RoomLease> leases = new ConcurrentHashMap<>();

        // One counter for all rooms: an epoch only has to grow, and so no room's last one has to be remembered.
        private final AtomicLong lastEpoch = new AtomicLong();

        /** As if the node had died and its leases run out. */
        public void expire(String node) {
            leases.values().removeIf(lease -> lease.node().equals(node));
        }
    }

    private final String node;
    private final Shared shared;

    public LocalRoomDirectory(String node) {
        this(node, new Shared());
    }

    public LocalRoomDirectory(String node, Shared shared) {
        this.node = node;
        this.shared = shared;
    }

    @Override
    public RoomLease claim(RoomId room) {
        return shared.leases.computeIfAbsent(room, id -> new RoomLease(id, node, shared.lastEpoch.incrementAndGet()));
    }

    @Override
    public Optional<RoomLease> find(RoomId room) {
        return Optional.ofNullable(shared.leases.get(room));
    }

    @Override
    public boolean renew(RoomLease lease) {
        return lease.equals(shared.leases.get(lease.room()));
    }

    @Override
    public boolean reassert(RoomLease lease) {
        RoomLease inForce = shared.leases.compute(
                lease.room(), (room, current) -> current == null || current.epoch() < lease.epoch() ? lease : current);
        return lease.equals(inForce);
    }

    @Override
    public boolean release(RoomLease lease) {
        return shared.leases.remove(lease.room(), lease);
    }

    @Override
    public String node() {
        return node;
    }
}
