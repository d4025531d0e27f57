package dev.noir.room;

import java.time.Duration;
import java.util.Optional;

/** A directory whose store may be away for what is to be kept. */
final class FallibleDirectory implements RoomDirectory {
    private final RoomDirectory directory;
    boolean away;

    /** So far. */
    int saves;

    FallibleDirectory(RoomDirectory directory) {
        this.directory = directory;
    }

    @Override
    public RoomLease claim(RoomId room) {
        return directory.claim(room);
    }

    @Override
    public Optional<RoomLease> find(RoomId room) {
        return directory.find(room);
    }

    @Override
    public boolean renew(RoomLease lease) {
        return directory.renew(lease);
    }

    @Override
    public boolean reassert(RoomLease lease) {
        return directory.reassert(lease);
    }

    @Override
    public boolean release(RoomLease lease, Duration reserve) {
        return directory.release(lease, reserve);
    }

    @Override
    public RoomOptions options(RoomId room, RoomOptions defaults) {
        return directory.options(room, defaults);
    }

    @Override
    public RoomState state(RoomId room) {
        return directory.state(room);
    }

    @Override
    public boolean saveState(RoomLease lease, RoomState state) {
        saves++;
        if (away) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the store is away");
        }
        return directory.saveState(lease, state);
    }

    @Override
    public String node() {
        return directory.node();
    }
}
