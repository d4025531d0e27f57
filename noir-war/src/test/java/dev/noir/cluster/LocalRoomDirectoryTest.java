package dev.noir.cluster;

import dev.noir.room.RoomDirectory;
import java.util.List;

final class LocalRoomDirectoryTest extends RoomDirectoryContract {
    private final LocalRoomDirectory.Shared shared = new LocalRoomDirectory.Shared();

    @Override
    RoomDirectory node(String name) {
        return new LocalRoomDirectory(name, shared);
    }

    @Override
    void forgetLeases() {
        List.of("a", "b").forEach(shared::expire);
    }
}
