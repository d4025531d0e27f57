package dev.noir.redis;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The registry in Redis: one script is the heartbeat, forgets who has not sent one for a TTL, by Redis's clock, and returns
 * who is left. Thread: any; {@link #beat}, {@link #lost} and {@link #leave} belong to the heartbeat.
 */
final class RedisNodeRegistry implements NodeRegistry, Membership {
    private static final Logger LOG = System.getLogger(RedisNodeRegistry.class.getName());

    // A node whose time runs out is looked for just after: its scripts' rounding to milliseconds, and a little.
    private static final Duration AFTER_THE_END = Duration.ofMillis(20);

    /** What everybody else sees; replaced as a whole. */
    private record View(boolean connected, long settledNanos, Map<String, NodeRecord> nodes) {}

    // Given.
    private final NodeInfo described;
    private final String incarnation;
    private final Supplier<NodeLoad> load;
    private final RedisStore store;
    private final Scheduler time;
    private final ClusterTimes times;
    private final Heartbeat heartbeat;

    // Owned.
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    // State. Volatile: written by one thread, read by all.
    private volatile NodeState state;
    private volatile View view = new View(false, 0, Map.of());

    // State of the heartbeat's thread.
    private boolean everSeen;
    private boolean replaced;
    private long lastBeatNanos;
    private long goneFromNanos;
    private Duration nextBeat;
    private String lastFailure = "";

    /**
     * @param described its state is where it starts; its load is not looked at
     * @param load as of now; must not block
     * @param heartbeat that will call {@link #beat}
     */
    RedisNodeRegistry(
            NodeInfo described,
            String incarnation,
            Supplier<NodeLoad> load,
            RedisStore store,
            Scheduler time,
            ClusterTimes times,
            Heartbeat heartbeat) {
        this.described = described;
        this.incarnation = incarnation;
        this.load = load;
        this.store = store;
        this.time = time;
        this.times = times;
        this.heartbeat = heartbeat;
        this.state = described.state();
        this.nextBeat = times.beat();
        this.goneFromNanos = time.nanoTime();
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
        return id.equals(described.id()) ? Optional.of(self()) : record(id).map(NodeRecord::info);
    }

    Optional<NodeRecord> record(String id) {
        return Optional.ofNullable(view.nodes.get(id));
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
        View now = view;
        return now.connected && time.nanoTime() - now.settledNanos >= 0;
    }

    @Override
    public boolean isGone(String node, String ofIncarnation) {
        NodeRecord known = view.nodes.get(node);
        return isSettled() && (known == null || !known.incarnation().equals(ofIncarnation));
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
        List<?> reply = (List<?>) store.eval(new RedisStore.Call(
                LuaScript.HEARTBEAT,
                List.of(RedisKeys.NODE_BEATS, RedisKeys.NODE_INFO, RedisKeys.NODES_SINCE),
                List.of(
                        described.id(),
                        incarnation,
                        NodeRecord.toJson(self()),
                        Long.toString(times.leaseTtl().toMillis()),
                        everSeen ? "0" : "1")));
        long sinceMillis = (Long) reply.get(0);
        if (sinceMillis < 0) {
            replaced();
            return List.of();
        }
        replaced = false;
        long now = time.nanoTime();
        long ttl = times.leaseTtl().toNanos();
        View before = view;
        // Redis was away, or this process was: others may have run out only because they could not be heard.
        boolean away = everSeen && (!before.connected || now - lastBeatNanos > ttl / 2);
        if (away) {
            goneFromNanos = now + ttl;
        }
        long settled = now
                + (away ? ttl : Math.max(0, ttl - Duration.ofMillis(sinceMillis).toNanos()));
        if (everSeen && before.settledNanos - settled > 0) {
            settled = before.settledNanos;
        }
        Map<String, NodeRecord> reported = reported(reply);
        List<NodeRecord> gone = gone(before.nodes, reported, now - goneFromNanos < 0);
        everSeen = true;
        lastBeatNanos = now;
        view = new View(true, settled, Map.copyOf(reported));
        tell(before, gone);
        return gone;
    }

    private Map<String, NodeRecord> reported(List<?> reply) {
        Map<String, NodeRecord> nodes = new HashMap<>();
        nextBeat = times.beat();
        for (int i = 1; i + 2 < reply.size(); i += 3) {
            String id = RedisStore.text(reply.get(i));
            NodeRecord.parse(id, RedisStore.text(reply.get(i + 1))).ifPresent(node -> nodes.put(id, node));
            Duration left = Duration.ofMillis((Long) reply.get(i + 2)).plus(AFTER_THE_END);
            if (left.compareTo(nextBeat) < 0) {
                nextBeat = left;
            }
        }
        return nodes;
    }

    /** Adds to the reported ones those that get the benefit of the doubt. */
    private List<NodeRecord> gone(Map<String, NodeRecord> before, Map<String, NodeRecord> reported, boolean doubtful) {
        List<NodeRecord> gone = new ArrayList<>();
        before.forEach((id, node) -> {
            NodeRecord now = reported.get(id);
            if (id.equals(described.id()) || (now != null && now.incarnation().equals(node.incarnation()))) {
                return;
            }
            if (now == null && doubtful) {
                reported.put(id, node);
            } else {
                gone.add(node);
            }
        });
        return gone;
    }

    private void tell(View before, List<NodeRecord> gone) {
        if (!before.connected) {
            LOG.log(Level.INFO, "Connected to Redis; nodes: {0}", view.nodes.keySet());
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
            view = new View(false, before.settledNanos, before.nodes);
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
        view = new View(false, 0, Map.of());
        store.eval(new RedisStore.Call(
                LuaScript.LEAVE,
                List.of(RedisKeys.NODE_BEATS, RedisKeys.NODE_INFO),
                List.of(described.id(), incarnation)));
    }

    /** The last heartbeat leaves. */
    @Override
    public void close() {
        heartbeat.stop();
    }
}
