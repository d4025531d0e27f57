package dev.noir.lease;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The directory as this node's rooms use it: what they claim is kept in force by the heartbeat until they release it or it is
 * lost. Thread: any; blocks as the directory does.
 */
public final class LeaseKeeper implements RoomDirectory {
    private static final Logger LOG = System.getLogger(LeaseKeeper.class.getName());

    // Given.
    private final RoomDirectory directory;

    // Owned.
    private final List<Consumer<RoomLease>> lostListeners = new CopyOnWriteArrayList<>();

    // Held during the round trips of a renewal or a release: a lease must not be released between the answer that it
    // has run
    // out and the question that puts it in force again. Fair: many who give rooms up must not keep the heartbeat from
    // it.
    private final ReentrantLock turn = new ReentrantLock(true);

    // State. Guarded by itself, for moments.
    private final Map<RoomId, RoomLease> kept = new HashMap<>();

    public LeaseKeeper(RoomDirectory directory) {
        this.directory = directory;
    }

    /**
     * Told of each lease that another node has a higher epoch for: the room must be closed here. On the heartbeat's thread;
     * must not block.
     */
    public void onLost(Consumer<RoomLease> listener) {
        lostListeners.add(listener);
    }

    @Override
    public RoomLease claim(RoomId room) {
        RoomLease lease = directory.claim(room);
        if (lease.node().equals(node())) {
            synchronized (kept) { // See kept.
                kept.put(room, lease);
            }
        }
        return lease;
    }

    @Override
    public Optional<RoomLease> find(RoomId room) {
        return kept(room).or(() -> directory.find(room));
    }

    /** If this node hosts the room. Does not block. */
    public Optional<RoomLease> kept(RoomId room) {
        synchronized (kept) { // See kept.
            return Optional.ofNullable(kept.get(room));
        }
    }

    /** {@inheritDoc} When the store can't be asked the lease runs out by itself. */
    @Override
    public boolean release(RoomLease lease, Duration reserve) {
        turn.lock();
        try {
            forget(lease);
            return directory.release(lease, reserve);
        } finally {
            turn.unlock();
        }
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
    public RoomOptions options(RoomId room, RoomOptions defaults) {
        return directory.options(room, defaults);
    }

    @Override
    public RoomState state(RoomId room) {
        return directory.state(room);
    }

    @Override
    public boolean saveState(RoomLease lease, RoomState state) {
        return directory.saveState(lease, state);
    }

    @Override
    public String node() {
        return directory.node();
    }

    /** Of the rooms hosted here. */
    public List<RoomLease> leases() {
        synchronized (kept) { // See kept.
            return List.copyOf(kept.values());
        }
    }

    /** With every heartbeat: all are renewed, and what has run out meanwhile is put in force again, or is lost. */
    public void renew() {
        turn.lock();
        try {
            reassertNow(directory.renewAll(leases()));
        } finally {
            turn.unlock();
        }
    }

    /** With the first heartbeat after the store was away. */
    public void reassert() {
        turn.lock();
        try {
            reassertNow(leases());
        } finally {
            turn.unlock();
        }
    }

    private void reassertNow(Collection<RoomLease> leases) {
        if (!leases.isEmpty()) {
            directory.reassertAll(leases).forEach(this::lost);
        }
    }

    /** At the end: nobody has to wait until they run out. */
    public void releaseAll() {
        leases().forEach(lease -> release(lease, Duration.ZERO));
    }

    private void lost(RoomLease lease) {
        forget(lease);
        LOG.log(Level.WARNING, "Room {0}: another node has a newer lease", lease.room());
        for (Consumer<RoomLease> listener : lostListeners) {
            try {
                listener.accept(lease);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "Room " + lease.room() + ": its loss was not dealt with", e);
            }
        }
    }

    private void forget(RoomLease lease) {
        synchronized (kept) { // See kept.
            kept.remove(lease.room(), lease);
        }
    }
}
