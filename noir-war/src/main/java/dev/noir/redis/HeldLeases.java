package dev.noir.redis;

import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What this node knows of its own leases, whatever Redis says: when each was in force last. Thread: any. */
final class HeldLeases {
    /**
     * One of them.
     *
     * @param overruled the highest epoch of others' that it stands above, or 0
     * @param confirmedNanos Redis was asked then, and it was in force
     */
    private record Held(RoomLease lease, long overruled, long confirmedNanos) {}

    // Given.
    private final Scheduler time;
    private final Duration continuity;

    // State.
    private final ConcurrentMap<RoomId, Held> all = new ConcurrentHashMap<>();

    /** @param continuity for so long after it was in force nobody can have claimed the room by right */
    HeldLeases(Scheduler time, Duration continuity) {
        this.time = time;
        this.continuity = continuity;
    }

    long now() {
        return time.nanoTime();
    }

    void put(RoomLease lease, long overruled, long confirmedNanos) {
        all.put(lease.room(), new Held(lease, overruled, confirmedNanos));
    }

    /** It was in force. Does nothing if it has been given up meanwhile. */
    void confirm(RoomLease lease, long confirmedNanos) {
        all.computeIfPresent(
                lease.room(),
                (room, held) -> held.lease.equals(lease) ? new Held(lease, held.overruled, confirmedNanos) : held);
    }

    void remove(RoomLease lease) {
        all.computeIfPresent(lease.room(), (room, held) -> held.lease.equals(lease) ? null : held);
    }

    boolean has(RoomLease lease) {
        Held held = all.get(lease.room());
        return held != null && held.lease.equals(lease);
    }

    long overruled(RoomLease lease) {
        Held held = all.get(lease.room());
        return held != null && held.lease.equals(lease) ? held.overruled : 0;
    }

    boolean isContinuous(RoomLease lease) {
        Held held = all.get(lease.room());
        return held != null && held.lease.equals(lease) && now() - held.confirmedNanos <= continuity.toNanos();
    }
}
