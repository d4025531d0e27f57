package dev.noir.eventlog;

import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.RoomDirectory;

/** The contract, in memory. */
final class MemoryEventStoreTest extends EventStoreContract {
    private final MemoryEventStore store = new MemoryEventStore(LIMITS, () -> 0);
    private final LocalRoomDirectory.Shared shared = new LocalRoomDirectory.Shared();

    @Override
    protected EventStore store(String node) {
        return store;
    }

    @Override
    protected RoomDirectory directory(String node) {
        return new LocalRoomDirectory(node, shared);
    }

    @Override
    protected void forgetLeases() {
        shared.expire("a");
        shared.expire("b");
    }
}
