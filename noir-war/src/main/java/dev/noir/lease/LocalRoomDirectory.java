package dev.noir.lease;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomPlans;
import dev.noir.room.RoomState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The directory in memory. Directories made of the same {@link Shared} are nodes that see each other; a node alone has
 * its own. Leases never run out. Thread: any.
 */
public final class LocalRoomDirectory implements RoomDirectory, RoomPlans {
    /** What the nodes of one process share. */
    public static final class Shared {
        private final ConcurrentMap<RoomId, RoomLease> leases = new ConcurrentHashMap<>();

        // One counter for all rooms: an epoch only has to grow, and so no room's last one has to be remembered.
        private final AtomicLong lastEpoch = new AtomicLong();

        // Names of rooms that have ended, until when.
        private final ConcurrentMap<RoomId, Long> reservedUntilNanos = new ConcurrentHashMap<>();

        private final ConcurrentSkipListMap<RoomId, RoomPlan> plans = new ConcurrentSkipListMap<>(RoomId.ORDER);

        private static final int MAX_STATES = 10_000;

        private record Kept(RoomState state, long sinceNanos) {}

        // Of rooms that are open or have bans; the oldest are dropped. Guarded by itself.
        private final Map<RoomId, Kept> states = new LinkedHashMap<>();

        // Given.
        private final LongSupplier nanoTime;

        /** For a test in which no time passes: a reserved name stays so. */
        public Shared() {
            this(() -> 0);
        }

        /** @param nanoTime monotonic */
        public Shared(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        private boolean isReserved(RoomId room) {
            Long until = reservedUntilNanos.get(room);
            if (until != null && until - nanoTime.getAsLong() <= 0) {
                reservedUntilNanos.remove(room, until);
                return false;
            }
            return until != null;
        }

        private void keep(RoomId room, RoomState state) {
            synchronized (states) { // For moments.
                states.remove(room); // The newest stands last.
                if (!state.isNone()) {
                    states.put(room, new Kept(state, nanoTime.getAsLong()));
                }
                if (states.size() > MAX_STATES) {
                    states.remove(states.keySet().iterator().next());
                }
            }
        }

        private RoomState kept(RoomId room) {
            synchronized (states) { // As above.
                Kept kept = states.get(room);
                if (kept == null) {
                    return RoomState.NONE;
                }
                boolean old = nanoTime.getAsLong() - kept.sinceNanos > STATE_TTL.toNanos();
                return old ? kept.state.afterEnd() : kept.state;
            }
        }

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
        return shared.leases.computeIfAbsent(room, id -> {
            if (shared.isReserved(id)) {
                throw RoomException.ended();
            }
            return new RoomLease(id, node, shared.lastEpoch.incrementAndGet());
        });
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
    public boolean release(RoomLease lease, Duration reserve) {
        AtomicBoolean released = new AtomicBoolean();
        shared.leases.computeIfPresent(lease.room(), (room, current) -> {
            if (!current.equals(lease)) {
                return current;
            }
            released.set(true);
            if (!reserve.isZero()) {
                shared.reservedUntilNanos.put(room, shared.nanoTime.getAsLong() + reserve.toNanos());
            }
            return null;
        });
        return released.get();
    }

    @Override
    public RoomOptions options(RoomId room, RoomOptions defaults) {
        return plan(room).orElse(RoomPlan.NONE).over(defaults);
    }

    @Override
    public Optional<RoomPlan> plan(RoomId room) {
        return Optional.ofNullable(shared.plans.get(room));
    }

    @Override
    public boolean addPlan(RoomId room, RoomPlan plan) {
        checkPlaceForPlan();
        return shared.plans.putIfAbsent(room, plan) == null;
    }

    @Override
    public void savePlan(RoomId room, RoomPlan plan) {
        checkPlaceForPlan();
        shared.plans.put(room, plan);
    }

    private void checkPlaceForPlan() {
        if (shared.plans.size() >= MAX_PLANS) {
            throw new RoomException(RoomException.Code.TOO_MANY, "too many rooms have been laid down");
        }
    }

    @Override
    public boolean removePlan(RoomId room) {
        return shared.plans.remove(room) != null;
    }

    @Override
    public List<RoomId> plans(String after, int limit) {
        Set<RoomId> rooms = after.isEmpty()
                ? shared.plans.keySet()
                : shared.plans.tailMap(new RoomId(after), false).keySet();
        return rooms.stream().limit(limit).toList();
    }

    @Override
    public RoomState state(RoomId room) {
        return shared.kept(room);
    }

    @Override
    public boolean saveState(RoomLease lease, RoomState state) {
        AtomicBoolean saved = new AtomicBoolean();
        shared.leases.computeIfPresent(lease.room(), (room, current) -> {
            if (current.equals(lease)) {
                shared.keep(room, state);
                saved.set(true);
            }
            return current;
        });
        return saved.get();
    }

    @Override
    public String node() {
        return node;
    }
}
