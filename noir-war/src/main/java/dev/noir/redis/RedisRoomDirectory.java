package dev.noir.redis;

import dev.noir.redis.LeaseSeal.Holder;
import dev.noir.redis.Membership.StoreMark;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomState;
import dev.noir.room.Scheduler;
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

/**
 * The directory in Redis: a lease is a key with a TTL that only scripts change, see ADR 5, 12 and 24. Who claims, and what stands
 * in the way, is decided here, since a script cannot tell what a node has signed; the scripts compare and set. Thread: any;
 * blocks.
 */
final class RedisRoomDirectory implements RoomDirectory {
    private static final Logger LOG = System.getLogger(RedisRoomDirectory.class.getName());
    private static final Long DONE = 1L;

    // The first element of what claim.lua returns.
    private static final int HELD = 0;
    private static final int TAKEN = 1;
    private static final int RESERVED = 2;
    private static final int ANOTHER_STORE = 3;

    // Others may be faster, every time; somebody wins.
    private static final int ATTEMPTS = 5;

    private static final String STATE = "state";
    private static final String BANS = "bans";

    // Given.
    private final String node;
    private final String incarnation;
    private final RedisCommands store; // Of what keeps leases alive, or ends them.
    private final RedisCommands lookups; // Of all else.
    private final Membership membership;
    private final LeaseSeal seal;
    private final boolean oneServer;
    private final String leaseTtl;
    private final String epochTtl;

    // Owned.
    private final HeldLeases held;

    /** @param oneServer all keys are: a script can look at the nodes' when it takes a room */
    RedisRoomDirectory(
            String node,
            String incarnation,
            RedisCommands store,
            RedisCommands lookups,
            Membership membership,
            LeaseSeal seal,
            boolean oneServer,
            Scheduler time,
            ClusterTimes times) {
        this.node = node;
        this.incarnation = incarnation;
        this.store = store;
        this.lookups = lookups;
        this.membership = membership;
        this.seal = seal;
        this.oneServer = oneServer;
        this.leaseTtl = Long.toString(times.leaseTtl().toMillis());
        this.epochTtl = Long.toString(times.epochTtl().toMillis());
        this.held = new HeldLeases(time, times.continuity());
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
            checkConnected();
            if (!membership.isSettled()) {
                return inForce(room)
                        .filter(holder -> isKnownHere(room, holder))
                        .orElseThrow(() -> new RedisUnavailable("Redis has just come back; hosts are being asked"))
                        .of(room);
            }
            if (!oneServer) {
                membership.checkStore();
            }
            return claimNow(room);
        });
    }

    private void checkConnected() {
        if (!membership.isConnected()) {
            throw new RedisUnavailable("the connection to Redis has been lost");
        }
    }

    /** Not an old lease of this node's, which somebody has put back. */
    private boolean isKnownHere(RoomId room, Holder holder) {
        return !isOwn(holder) || held.has(holder.of(room));
    }

    private boolean isOwn(Holder holder) {
        return holder.node().equals(node) && holder.incarnation().equals(incarnation);
    }

    private RoomLease claimNow(RoomId room) {
        String replaceable = "";
        String forgedEpoch = "";
        long above = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long askedNanos = held.now();
            RoomLease wanted = new RoomLease(room, node, Math.max(membership.storeMicros(), above + 1));
            List<?> reply = claim(wanted, replaceable, forgedEpoch);
            switch ((int) (long) (Long) reply.get(0)) {
                case TAKEN -> {
                    held.put(wanted, 0, askedNanos);
                    return wanted;
                }
                case RESERVED -> throw RoomException.ended();
                case ANOTHER_STORE -> membership.checkStore();
                case HELD -> {
                    replaceable = RedisStore.text(reply.get(1));
                    Holder holder = seal.readLease(room, replaceable)
                            .filter(found -> isKnownHere(room, found))
                            .orElseThrow(() -> new RedisUnavailable("no node has written who has the room"));
                    if (isOwn(holder) || !membership.isGone(holder.node(), holder.incarnation())) {
                        return holder.of(room);
                    }
                    above = Math.max(above, Math.max(holder.epoch(), holder.overruled()));
                }
                default -> {
                    forgedEpoch = RedisStore.text(reply.get(1));
                    above = Math.max(above, seal.readEpoch(room, forgedEpoch).orElse(0));
                }
            }
        }
        throw new RedisUnavailable("the room is changing hands");
    }

    private List<?> claim(RoomLease wanted, String replaceable, String forgedEpoch) {
        RoomId room = wanted.room();
        // First: what a heartbeat finds out meanwhile about the store must not be in the mark and escape the question.
        StoreMark mark = membership.storeMark();
        if (!membership.isSettled()) {
            throw new RedisUnavailable("Redis has lost what it held, or its clock was set; hosts are being asked");
        }
        List<String> keys = new ArrayList<>(keys(room));
        if (oneServer) {
            keys.add(RedisKeys.NODES_SINCE);
        }
        return (List<?>) lookups.eval(new RedisStore.Call(
                LuaScript.CLAIM,
                keys,
                List.of(
                        text(wanted, 0),
                        seal.epoch(room, wanted.epoch()),
                        leaseTtl,
                        epochTtl,
                        replaceable,
                        forgedEpoch,
                        mark.since(),
                        Long.toString(mark.latestMillis()))));
    }

    @Override
    public Optional<RoomLease> find(RoomId room) {
        return available(() -> inForce(room).map(holder -> holder.of(room)));
    }

    private Optional<Holder> inForce(RoomId room) {
        String key = RedisKeys.lease(room);
        return lookups.run(key, new CommandArguments(Protocol.Command.GET).add(key))
                .flatMap(lease -> seal.readLease(room, RedisStore.text(lease)));
    }

    @Override
    public boolean renew(RoomLease lease) {
        return renewAll(List.of(lease)).isEmpty();
    }

    @Override
    public List<RoomLease> renewAll(Collection<RoomLease> leases) {
        return available(() -> {
            List<RoomLease> asked = List.copyOf(leases);
            long askedNanos = held.now();
            List<Object> results = store.evalAll(asked.stream()
                    .map(lease -> call(LuaScript.RENEW, lease, text(lease, held.overruled(lease)), lastEpoch(lease, 0)))
                    .toList());
            List<RoomLease> lost = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                if (DONE.equals(results.get(i))) {
                    held.confirm(asked.get(i), askedNanos);
                } else {
                    lost.add(asked.get(i));
                }
            }
            return lost;
        });
    }

    @Override
    public boolean reassert(RoomLease lease) {
        return reassertAll(List.of(lease)).isEmpty();
    }

    @Override
    public List<RoomLease> reassertAll(Collection<RoomLease> leases) {
        return available(() -> {
            List<RoomLease> asked = List.copyOf(leases);
            long askedNanos = held.now();
            List<Object> results = store.evalAll(asked.stream()
                    .map(lease -> reassertion(lease, held.overruled(lease), "", ""))
                    .toList());
            List<RoomLease> lost = new ArrayList<>();
            for (int i = 0; i < asked.size(); i++) {
                RoomLease lease = asked.get(i);
                List<?> result = (List<?>) results.get(i);
                if (DONE.equals(result.get(0))) {
                    held.confirm(lease, askedNanos);
                } else if (!contest(lease, result)) {
                    held.remove(lease);
                    lost.add(lease);
                }
            }
            return lost;
        });
    }

    private RedisStore.Call reassertion(RoomLease lease, long overruled, String replaceable, String lastEpoch) {
        return call(
                LuaScript.REASSERT, lease, text(lease, overruled), lastEpoch(lease, overruled), replaceable, lastEpoch);
    }

    /** Something else stands there. False: somebody has the room by right, and it must be closed here. */
    private boolean contest(RoomLease lease, List<?> firstResult) {
        List<?> result = firstResult;
        for (int i = 0; i < ATTEMPTS; i++) {
            String standing = RedisStore.text(result.get(1));
            String lastEpoch = RedisStore.text(result.get(2));
            Optional<Long> overruled = overruling(lease, standing, lastEpoch);
            if (overruled.isEmpty()) {
                return false;
            }
            long askedNanos = held.now();
            result = (List<?>) store.eval(reassertion(lease, overruled.get(), standing, lastEpoch));
            if (DONE.equals(result.get(0))) {
                held.put(lease, overruled.get(), askedNanos);
                return true;
            }
        }
        return true; // Somebody writes without end, which makes nothing his. The next heartbeat goes on.
    }

    /**
     * Whose claims this node has to overrule to keep the room: nobody's (0), or all up to that epoch. Empty: it must not. It may
     * when it was heard of, and its lease was in force, all the time: then who took the room meanwhile has seen a store in which
     * that was missing. What no node has written does not count.
     */
    private Optional<Long> overruling(RoomLease lease, String standing, String lastEpoch) {
        Optional<Holder> other = seal.readLease(lease.room(), standing).filter(holder -> !isOwn(holder));
        if (other.filter(holder -> isPreferred(holder, lease)).isPresent()) {
            return Optional.empty();
        }
        long overruled = held.overruled(lease);
        long highest = Math.max(
                other.map(Holder::epoch).orElse(0L),
                seal.readEpoch(lease.room(), lastEpoch).orElse(0));
        if (highest <= Math.max(lease.epoch(), overruled)) {
            return Optional.of(overruled);
        }
        if (!membership.isContinuous() || !held.isContinuous(lease)) {
            return Optional.empty();
        }
        LOG.log(Level.WARNING, "Room {0}: another node took it while it was here; it stays here", lease.room());
        return Optional.of(highest);
    }

    /** It has been there all the time, too, and longer; or it has the same epoch, and one of us must go. */
    private boolean isPreferred(Holder other, RoomLease lease) {
        return (other.epoch() < lease.epoch() && other.overruled() >= lease.epoch())
                || (other.epoch() == lease.epoch() && other.node().compareTo(node) < 0);
    }

    @Override
    public boolean release(RoomLease lease, Duration reserve) {
        long overruled = held.overruled(lease);
        String reserveMillis = Long.toString(reserve.toMillis());
        return available(() -> {
            boolean released = DONE.equals(store.eval(new RedisStore.Call(
                    LuaScript.RELEASE,
                    keys(lease.room()),
                    List.of(text(lease, overruled), lastEpoch(lease, overruled, 1), epochTtl, reserveMillis))));
            held.remove(lease);
            return released;
        });
    }

    @Override
    public RoomOptions options(RoomId room, RoomOptions defaults) {
        String key = RedisKeys.options(room);
        Optional<Object> laidDown =
                available(() -> lookups.run(key, new CommandArguments(Protocol.Command.GET).add(key)));
        try {
            return laidDown.map(json -> RoomPlanJson.parse(RedisStore.text(json)))
                    .orElse(RoomPlan.NONE)
                    .over(defaults);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0} cannot be used: {1}", key, e.getMessage());
            return defaults;
        }
    }

    @Override
    public RoomState state(RoomId room) {
        List<String> keys = List.of(RedisKeys.state(room), RedisKeys.bans(room));
        List<?> texts = available(() -> (List<?>) lookups.eval(new RedisStore.Call(LuaScript.RECALL, keys, List.of())));
        try {
            return RoomStateJson.read(
                    seal.readState(room, STATE, RedisStore.text(texts.get(0))),
                    seal.readState(room, BANS, RedisStore.text(texts.get(1))));
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
                text(lease, held.overruled(lease)),
                seal.state(room, STATE, RoomStateJson.withoutBans(state)),
                Long.toString(STATE_TTL.toMillis()),
                seal.state(room, BANS, RoomStateJson.bans(state)),
                Long.toString(state.bans().stream()
                        .mapToLong(ban -> ban.until().toEpochMilli())
                        .max()
                        .orElse(0)));
        return available(() -> {
            checkConnected();
            return DONE.equals(lookups.eval(new RedisStore.Call(
                    LuaScript.STATE,
                    List.of(RedisKeys.lease(room), RedisKeys.state(room), RedisKeys.bans(room)),
                    arguments)));
        });
    }

    /** The lease as it stands in Redis if it is in force, its epoch, and the highest one that it may leave behind. */
    List<String> fence(RoomLease lease) {
        long overruled = held.overruled(lease);
        return List.of(
                text(lease, overruled),
                Long.toString(lease.epoch()),
                Long.toString(Math.max(lease.epoch(), overruled) + 1));
    }

    @Override
    public String node() {
        return node;
    }

    private static List<String> keys(RoomId room) {
        return List.of(RedisKeys.lease(room), RedisKeys.epoch(room), RedisKeys.reserved(room));
    }

    /** Of a script that puts the lease in force. */
    private RedisStore.Call call(LuaScript script, RoomLease lease, String text, String epoch, String... more) {
        List<String> arguments = new ArrayList<>(List.of(text, epoch, leaseTtl, epochTtl));
        arguments.addAll(List.of(more));
        return new RedisStore.Call(script, keys(lease.room()), arguments);
    }

    private String text(RoomLease lease, long overruled) {
        return seal.lease(lease.room(), lease.epoch(), node, incarnation, overruled);
    }

    /** None that this node has overruled is below it. */
    private String lastEpoch(RoomLease lease, long overruled) {
        return lastEpoch(lease, Math.max(overruled, held.overruled(lease)), 0);
    }

    private String lastEpoch(RoomLease lease, long overruled, int above) {
        return seal.epoch(lease.room(), Math.max(lease.epoch(), overruled) + above);
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
