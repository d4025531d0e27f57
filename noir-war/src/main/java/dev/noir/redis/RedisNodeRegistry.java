package dev.noir.redis;

import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The registry in Redis: one script is the heartbeat and returns who else has sent one; {@link NodePicture} says what follows from
 * that. Thread: any; {@link #beat}, {@link #lost} and {@link #leave} belong to the heartbeat.
 */
final class RedisNodeRegistry implements NodeRegistry, Membership {
    private static final Logger LOG = System.getLogger(RedisNodeRegistry.class.getName());

    // A node whose time runs out is looked for just after: its scripts' rounding to milliseconds, and a little.
    private static final Duration AFTER_THE_END = Duration.ofMillis(20);

    private static final Long REPLACED = -1L;

    // Whoever can write to Redis can make up names.
    private static final int STRANGERS_LIMIT = 64;

    /**
     * What everybody else sees; replaced as a whole.
     *
     * @param beatNanos when this node was heard last
     * @param since of the store, see {@link RedisKeys#NODES_SINCE}; empty: never asked
     */
    private record View(
            boolean connected, long beatNanos, String since, StoreClock clock, Map<String, NodeRecord> nodes) {
        static final View NONE = new View(false, 0, "", new StoreClock(0, 0), Map.of());

        boolean everSeen() {
            return !since.isEmpty();
        }

        View disconnected() {
            return new View(false, beatNanos, since, clock, nodes);
        }

        /** Whether the store has lost what it held, or its clock was set. */
        boolean isOfAnotherStore(String sinceNow, StoreClock clockNow) {
            return !since.equals(sinceNow) || clockNow.wasSetSince(clock);
        }
    }

    // Given.
    private final NodeInfo described;
    private final String incarnation;
    private final Supplier<NodeLoad> load;
    private final RedisCommands store; // Of the heartbeat.
    private final RedisCommands lookups; // Of everybody else.
    private final ClusterKey key;
    private final Scheduler time;
    private final ClusterTimes times;
    private final Heartbeat heartbeat;

    // Owned.
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final NodePicture picture;

    // State. Volatile: written by one thread, read by all.
    private volatile NodeState state;
    private volatile View view = View.NONE;

    // Nobody claims before; put off by the heartbeat and by whoever finds the store to be another one.
    private final AtomicLong settledNanos;

    // State of the heartbeat's thread.
    private boolean replaced;
    private long beats;
    private Duration nextBeat;
    private String lastFailure = "";
    private final Set<String> strangers = new HashSet<>(); // Who has been warned of.

    /**
     * @param described its state is where it starts; its load is not looked at
     * @param load as of now; must not block
     * @param heartbeat that will call {@link #beat}
     */
    RedisNodeRegistry(
            NodeInfo described,
            String incarnation,
            Supplier<NodeLoad> load,
            RedisCommands store,
            RedisCommands lookups,
            ClusterKey key,
            Scheduler time,
            ClusterTimes times,
            Heartbeat heartbeat) {
        this.described = described;
        this.incarnation = incarnation;
        this.load = load;
        this.store = store;
        this.lookups = lookups;
        this.key = key;
        this.time = time;
        this.times = times;
        this.heartbeat = heartbeat;
        this.picture = new NodePicture(times.leaseTtl());
        this.state = described.state();
        this.nextBeat = times.beat();
        this.settledNanos = new AtomicLong(time.nanoTime());
    }

    @Override
    public NodeInfo self() {
        return described.with(state, load.get());
    }

    @Override
    public Collection<NodeInfo> live() {
        List<NodeInfo> nodes = new ArrayList<>();
        nodes.add(self());
        view.nodes.forEach((id, node) -> {
            if (!id.equals(described.id())) {
                nodes.add(node.info());
            }
        });
        return nodes;
    }

    @Override
    public Optional<NodeInfo> find(String id) {
        return id.equals(described.id())
                ? Optional.of(self())
                : Optional.ofNullable(view.nodes.get(id)).map(NodeRecord::info);
    }

    /** The life of the node that is going on. */
    Optional<String> life(String id) {
        return id.equals(described.id())
                ? Optional.of(incarnation)
                : Optional.ofNullable(view.nodes.get(id)).map(NodeRecord::incarnation);
    }

    @Override
    public void setState(NodeState newState) {
        state = newState;
        heartbeat.wake();
    }

    @Override
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public boolean isConnected() {
        return view.connected && store.isOpen();
    }

    @Override
    public boolean isSettled() {
        return view.connected && time.nanoTime() - settledNanos.get() >= 0;
    }

    @Override
    public boolean isContinuous() {
        View now = view;
        return now.connected
                && time.nanoTime() - now.beatNanos <= times.continuity().toNanos();
    }

    @Override
    public boolean isGone(String node, String ofIncarnation) {
        NodeRecord known = view.nodes.get(node);
        boolean alive = node.equals(described.id())
                ? incarnation.equals(ofIncarnation)
                : known != null && known.incarnation().equals(ofIncarnation);
        if (alive || !isSettled()) {
            return false;
        }
        if (picture.isOver(ofIncarnation)) {
            return true;
        }
        // It may be younger than the last heartbeat of this node.
        List<?> reply = look(lookups, node);
        Optional<NodeRecord> found = NodeRecord.parse(node, RedisStore.text(reply.get(2)), key)
                .filter(record -> record.isFresh((Long) reply.get(0), times.leaseTtl()));
        boolean young = found.filter(record -> record.incarnation().equals(ofIncarnation))
                .filter(record -> !record.left() && picture.isNews(record))
                .isPresent();
        if (young) {
            heartbeat.wake();
        }
        return !young && isSettled();
    }

    /** Another life has begun under the node's id, or this one has said that it leaves. */
    boolean isOver(String ofIncarnation) {
        return picture.isOver(ofIncarnation);
    }

    @Override
    public StoreMark storeMark() {
        View now = view;
        // What is asked takes its time; a clock put forward by less ends no lease, for they are renewed in time.
        return new StoreMark(
                now.since,
                now.clock.latestMillis(time.nanoTime()) + times.leaseTtl().toMillis() / 4);
    }

    @Override
    public long storeMicros() {
        return view.clock.micros(time.nanoTime());
    }

    @Override
    public void checkStore() {
        look(lookups, described.id());
        if (!isSettled()) {
            throw new RedisUnavailable("Redis has lost what it held, or its clock was set; hosts are being asked");
        }
    }

    /** Asks now; what it says of the store itself is dealt with. */
    private List<?> look(RedisCommands through, String node) {
        View known = view;
        long before = time.nanoTime();
        List<?> reply = ask(through, LuaScript.LOOK, node);
        StoreClock clock = StoreClock.read(before, time.nanoTime(), (Long) reply.get(0));
        if (known.everSeen() && known.isOfAnotherStore(RedisStore.text(reply.get(1)), clock)) {
            unsettle(times.leaseTtl());
            heartbeat.wake();
        }
        return reply;
    }

    private static List<?> ask(RedisCommands through, LuaScript script, String... arguments) {
        return (List<?>) through.eval(call(script, arguments));
    }

    private static RedisStore.Call call(LuaScript script, String... arguments) {
        return new RedisStore.Call(
                script, List.of(RedisKeys.NODE_BEATS, RedisKeys.NODE_INFO, RedisKeys.NODES_SINCE), List.of(arguments));
    }

    private void unsettle(Duration howLong) {
        long until = time.nanoTime() + howLong.toNanos();
        settledNanos.accumulateAndGet(until, (one, other) -> one - other < 0 ? other : one);
    }

    /** Exactly one of the nodes is, if all know each other. */
    boolean isFirst() {
        return view.nodes.keySet().stream().allMatch(id -> described.id().compareTo(id) <= 0);
    }

    /** When the next heartbeat is due. */
    Duration nextBeat() {
        return nextBeat;
    }

    /** Says that this node lives, and learns who else does. Returns the nodes that have gone. */
    List<NodeRecord> beat() {
        if (!view.everSeen()) {
            readClock();
        }
        long before = time.nanoTime();
        boolean first = beats == 0;
        List<?> reply = heartbeat(first);
        if (reply.get(0).equals(REPLACED)) {
            if (isReplaced(RedisStore.text(reply.get(2)), (Long) reply.get(1))) {
                replaced();
                return List.of();
            }
            reply = heartbeat(true); // Nobody of the cluster has written that, or not now.
        }
        replaced = false;
        return heard(before, reply);
    }

    /** So that the first record can say when it was written. */
    private void readClock() {
        long before = time.nanoTime();
        long millis = (Long) look(store, described.id()).get(0);
        view = new View(false, before, "", StoreClock.read(before, time.nanoTime(), millis), Map.of());
    }

    private List<?> heartbeat(boolean takesThePlace) {
        beats++;
        return ask(
                store,
                LuaScript.HEARTBEAT,
                described.id(),
                incarnation,
                record(self(), false).text(key),
                Long.toString(times.leaseTtl().toMillis()),
                takesThePlace ? "1" : "0");
    }

    private NodeRecord record(NodeInfo info, boolean left) {
        return new NodeRecord(info, incarnation, beats, storeMicros() / 1000, left);
    }

    private boolean isReplaced(String text, long storeMillis) {
        return NodeRecord.parse(described.id(), text, key)
                .filter(other -> !other.left() && other.isFresh(storeMillis, times.leaseTtl()))
                .isPresent();
    }

    private List<NodeRecord> heard(long askedNanos, List<?> reply) {
        View before = view;
        long now = time.nanoTime();
        StoreClock clock = StoreClock.read(askedNanos, now, (Long) reply.get(0));
        String since = RedisStore.text(reply.get(1));
        Duration ttl = times.leaseTtl();
        Duration unheard = Duration.ofNanos(now - before.beatNanos);
        if (!before.everSeen()) {
            unsettle(ttl.minus(age(since, (Long) reply.get(0))));
        } else if (!before.connected || unheard.compareTo(ttl.dividedBy(2)) > 0) {
            // Redis was away, or this process was: others may have run out only because they could not be heard.
            picture.doubt(now);
            unsettle(ttl);
        } else if (before.isOfAnotherStore(since, clock)) {
            LOG.log(
                    Level.WARNING,
                    "Redis has lost what it held, or its clock was set; every node says again what it has");
            picture.doubt(now); // A heartbeat may have been lost with it that nobody had seen.
            unsettle(ttl);
        }
        List<NodeRecord> gone = picture.look(now, unheard, reported(reply));
        view = new View(true, now, since, clock, picture.nodes());
        nextBeat = picture.nextEnd(now)
                .map(AFTER_THE_END::plus)
                .filter(end -> end.compareTo(times.beat()) < 0)
                .orElse(times.beat());
        tell(before, gone);
        return gone;
    }

    /** Of the store, as far as nodes know; at most a TTL. */
    private Duration age(String since, long storeMillis) {
        try {
            long millis = storeMillis - Long.parseLong(since);
            return Duration.ofMillis(
                    Math.max(0, Math.min(millis, times.leaseTtl().toMillis())));
        } catch (NumberFormatException e) {
            return Duration.ZERO; // No node has written it.
        }
    }

    private List<NodePicture.Reported> reported(List<?> reply) {
        List<NodePicture.Reported> nodes = new ArrayList<>();
        long storeMillis = (Long) reply.get(0);
        for (int i = 2; i + 2 < reply.size(); i += 3) {
            String id = RedisStore.text(reply.get(i));
            Duration left = Duration.ofMillis((Long) reply.get(i + 2));
            if (!id.equals(described.id())) {
                Optional<NodeRecord> record = NodeRecord.parse(id, RedisStore.text(reply.get(i + 1)), key);
                record.filter(node -> isGoingOn(node) || node.isFresh(storeMillis, times.leaseTtl()))
                        .ifPresent(node -> nodes.add(new NodePicture.Reported(node, left)));
                if (record.isEmpty() && key.signs() && strangers.size() < STRANGERS_LIMIT && strangers.add(id)) {
                    LOG.log(
                            Level.WARNING,
                            "Node {0} is not believed: its record is not signed with our noir.cluster.secret",
                            id);
                }
            }
        }
        return nodes;
    }

    /** Else it begins, and a life that begins has just been written. */
    private boolean isGoingOn(NodeRecord record) {
        NodeRecord known = view.nodes.get(record.info().id());
        return known != null && known.incarnation().equals(record.incarnation());
    }

    private void tell(View before, List<NodeRecord> gone) {
        if (!before.connected) {
            LOG.log(Level.INFO, "Connected to Redis; other nodes: {0}", view.nodes.keySet());
            lastFailure = "";
            each(Listener::connectionBack);
        }
        view.nodes.forEach((id, node) -> {
            if (before.connected && !before.nodes.containsKey(id)) {
                LOG.log(Level.INFO, "Node {0} has come", id);
            }
        });
        for (NodeRecord node : gone) {
            LOG.log(Level.INFO, "Node {0} has gone", node.info().id());
            each(listener -> listener.nodeGone(node.info().id()));
        }
    }

    /** The store can't be asked. */
    void lost(String why) {
        nextBeat = times.beat().dividedBy(2);
        if (!why.equals(lastFailure)) {
            lastFailure = why;
            LOG.log(Level.WARNING, "Redis cannot be used: {0}", why);
        }
        disconnected();
    }

    private void disconnected() {
        View before = view;
        if (before.connected) {
            view = before.disconnected();
            each(Listener::connectionLost);
        }
    }

    private void replaced() {
        if (!replaced) {
            replaced = true;
            LOG.log(
                    Level.ERROR,
                    "Another node has been started with the id {0}; this one takes no part in the cluster any more."
                            + " Give each its own noir.cluster.node-id",
                    described.id());
        }
        disconnected();
    }

    private void each(Consumer<Listener> call) {
        for (Listener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A change of the nodes was not dealt with", e);
            }
        }
    }

    /** The others need not wait for the TTL. */
    void leave() {
        beats++;
        String lastWord = record(self(), true).text(key);
        view = View.NONE;
        store.eval(call(
                LuaScript.LEAVE,
                described.id(),
                incarnation,
                lastWord,
                Long.toString(times.leaseTtl().toMillis())));
    }

    /** The last heartbeat leaves. */
    @Override
    public void close() {
        heartbeat.stop();
    }
}
