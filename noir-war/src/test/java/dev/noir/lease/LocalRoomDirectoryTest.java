package dev.noir.lease;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomPlans;
import java.util.List;

final class LocalRoomDirectoryTest extends RoomDirectoryContract {
    private final LocalRoomDirectory.Shared shared = new LocalRoomDirectory.Shared();

    @Override
    protected RoomDirectory node(String name) {
        return new LocalRoomDirectory(name, shared);
    }

    @Override
    protected RoomPlans plans(String name) {
        return new LocalRoomDirectory(name, shared);
    }

    @Override
    protected void forgetLeases() {
        List.of("a", "b").forEach(shared::expire);
    }
}
