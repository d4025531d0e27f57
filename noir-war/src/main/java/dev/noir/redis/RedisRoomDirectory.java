package dev.noir.redis;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** The directory in Redis: a lease is a key with a TTL that only scripts change, see ADR 5 and 12. Thread: any; blocks. */
final class RedisRoomDirectory implements RoomDirectory {
    /** As it stands in Redis. */
    private record Holder(String text, long epoch, String node, String incarnation) {
        static Holder parse(String text) {
            String[] parts = text.split(" ", -1);
            if (parts.length != 3) {
                throw new IllegalStateException("not a lease: " + text);
            }
            return new Holder(text, Long.parseLong(parts[0]), parts[1], parts[2]);
        }

        RoomLease of(RoomId room) {
            return new RoomLease(room, node, epoch);
        }
    }

    private static final Logger LOG = System.getLogger(RedisRoomDirectory.class.getName());
    private static final Long DONE = 1L;

    /** Instead of a lease. */
    private static final String RESERVED = "reserved";

    // Given.
    private final String node;
    private final String incarnation;
    private final RedisStore store; // Of what keeps leases alive, or ends them.
    private final RedisLookups lookups; // Of all else.
    private final Membership membership;
    private final String leaseTtl;
    private final String epochTtl;

    RedisRoomDirectory(
            String node,
            String incarnation,
            RedisStore store,
            RedisLookups lookups,
            Membership membership,
            ClusterTimes times) {
        this.node = node;
        this.incarnation = incarnation;
        this.store = store;
        this.lookups = lookups;
        this.membership = membership;
        this.leaseTtl = Long.toString(times.leaseTtl().toMillis());
        this.epochTtl = Long.toString(times.epochTtl().toMillis());
    }

    /**
     * {@inheritDoc}
     *
     * <p>A lease whose holder is certainly dead is replaced at once, without waiting for its TTL: the epoch fences the holder
     * off should it rise again.
     */
    @Override
    public RoomLease claim(RoomId room) {
        return available(() -> {
            if (!membership.isConnected()) {
                throw new RedisUnavailable("the connection to Redis has been lost");
            }
            if (!membership.isSettled()) {
                return inForce(room)
                        .filter(holder -> !membership.isGone(holder.node, holder.incarnation))
                        .orElseThrow(() -> new RedisUnavailable("Redis has just come back; hosts are being asked"))
                        .of(room);
            }
            Holder holder = claim(room, "");
            if (membership.isGone(holder.node, holder.incarnation)) {
                holder = claim(room, holder.text);
            }
            return holder.of(room);
        });
    }

    private Holder claim(RoomId room, String replaceable) {
        String lease = RedisStore.text(
                lookups.eval(call(LuaScript.CLAIM, room, node, incarnation, leaseTtl, epochTtl, replaceable)));
        if (lease.equals(RESERVED)) {
            throw RoomException.ended();
        }
        return Holder.parse(lease);
    }

    @Override
    public Optional<RoomLease> find(RoomId room) {
        return available(() -> inForce(room).map(holder -> holder.of(room)));
    }

    private Optional<Holder> inForce(RoomId room) {
        String key = RedisKeys.lease(room);
        return lookups.run(key, new CommandArguments(Protocol.Command.GET).add(key))
                .map(lease -> Holder.parse(RedisStore.text(lease)));
    }

    @Override
    public boolean renew(RoomLease lease) {
        return renewAll(List.of(lease)).isEmpty();
    }

    @Override
    public List<RoomLease> renewAll(Collection<RoomLease> leases) {
        return lost(LuaScript.RENEW, leases);
    }

    @Override
    public boolean reassert(RoomLease lease) {
        return reassertAll(List.of(lease)).isEmpty();
    }

    @Override
    public List<RoomLease> reassertAll(Collection<RoomLease> leases) {
        return lost(LuaScript.REASSERT, leases);
    }

    private List<RoomLease> lost(LuaScript script, Collection<RoomLease> leases) {
        return available(() -> {
            List<RoomLease> asked = List.copyOf(leases);
            List<Object> results = store.evalAll(asked.stream()
                    .map(lease -> call(script, lease.room(), text(lease), leaseTtl, epochTtl))
                    .toList());
            List<RoomLease> lost = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                if (!DONE.equals(results.get(i))) {
                    lost.add(asked.get(i));
                }
            }
            return lost;
        });
    }

    @Override
    public boolean release(RoomLease lease, Duration reserve) {
        String reserveMillis = Long.toString(reserve.toMillis());
        return available(() ->
                DONE.equals(store.eval(call(LuaScript.RELEASE, lease.room(), text(lease), epochTtl, reserveMillis))));
    }

    @Override
    public RoomOptions options(RoomId room, RoomOptions defaults) {
        String key = RedisKeys.options(room);
        Optional<Object> laidDown =
                available(() -> lookups.run(key, new CommandArguments(Protocol.Command.GET).add(key)));
        try {
            return laidDown.map(json -> RoomOptionsJson.parse(RedisStore.text(json), defaults))
                    .orElse(defaults);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0} cannot be used: {1}", key, e.getMessage());
            return defaults;
        }
    }

    @Override
    public RoomState state(RoomId room) {
        List<String> keys = List.of(RedisKeys.state(room), RedisKeys.bans(room));
        List<String> texts = available(() -> {
            List<String> found = new ArrayList<>();
            for (String key : keys) {
                found.add(lookups.run(key, new CommandArguments(Protocol.Command.GET).add(key))
                        .map(RedisStore::text)
                        .orElse(""));
            }
            return found;
        });
        try {
            return RoomStateJson.read(texts.get(0), texts.get(1));
        } catch (IllegalArgumentException e) {
            // Not opened as if there were none: who was banned would be let in.
            LOG.log(Level.ERROR, "{0} or {1} cannot be read: {2}", keys.get(0), keys.get(1), e.getMessage());
            throw new RoomException(
                    RoomException.Code.UNAVAILABLE, "what was laid down for the room cannot be read now", e);
        }
    }

    @Override
    public boolean saveState(RoomLease lease, RoomState state) {
        RoomId room = lease.room();
        List<String> arguments = List.of(
                text(lease),
                RoomStateJson.withoutBans(state),
                Long.toString(STATE_TTL.toMillis()),
                RoomStateJson.bans(state),
                Long.toString(state.bans().stream()
                        .mapToLong(ban -> ban.until().toEpochMilli())
                        .max()
                        .orElse(0)));
        return available(() -> {
            if (!membership.isConnected()) {
                throw new RedisUnavailable("the connection to Redis has been lost");
            }
            return DONE.equals(lookups.eval(new RedisStore.Call(
                    LuaScript.STATE,
                    List.of(RedisKeys.lease(room), RedisKeys.state(room), RedisKeys.bans(room)),
                    arguments)));
        });
    }

    @Override
    public String node() {
        return node;
    }

    private static RedisStore.Call call(LuaScript script, RoomId room, String... arguments) {
        return new RedisStore.Call(
                script,
                List.of(RedisKeys.lease(room), RedisKeys.epoch(room), RedisKeys.reserved(room)),
                List.of(arguments));
    }

    private String text(RoomLease lease) {
        return lease.epoch() + " " + lease.node() + " " + incarnation;
    }

    private static <T> T available(Supplier<T> question) {
        try {
            return question.get();
        } catch (RedisUnavailable e) {
            throw new RoomException(
                    RoomException.Code.UNAVAILABLE, "the cluster's rooms can't be looked up now; try again", e);
        }
    }
}
