package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistryContract;
import dev.noir.room.RoomPlans;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Nodes of one cluster over a real Redis, all in this process. */
final class RedisNodes implements AutoCloseable {
    /** Held by the tests that wait for what is real: processes, elections, leases that run out. One such test is enough at a time. */
    static final String PATIENCE = "patience";

    /** Fast, but slow enough for a machine that does other things besides. */
    static final ClusterTimes TIMES = new ClusterTimes(
            Duration.ofMillis(100),
            Duration.ofMillis(1500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            Duration.ofMillis(1500),
            Duration.ofMillis(200));

    static final Scheduler REAL_TIME = new Scheduler() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("the cluster sets no timers");
        }
    };

    private static final Membership EVERYBODY_LIVES = new Membership() {
        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isSettled() {
            return true;
        }

        @Override
        public boolean isContinuous() {
            return false;
        }

        @Override
        public boolean isGone(String node, String incarnation) {
            return false;
        }

        @Override
        public StoreMark storeMark() {
            return new StoreMark("", 0);
        }

        @Override
        public long storeMicros() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }

        @Override
        public void checkStore() {}
    };

    private final String url;
    private final List<Cluster> nodes = new ArrayList<>();
    private final List<RedisStore> stores = new ArrayList<>();
    private final List<RedisLookups> lookups = new ArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    RedisNodes(String url) {
        this.url = url;
    }

    /** Live, and seen by all others made here. */
    Cluster start(String id) {
        return start(id, "");
    }

    Cluster start(String id, String secret) {
        return start(NodeRegistryContract.info(id), () -> NodeLoad.NONE, secret);
    }

    Cluster start(NodeInfo described, Supplier<NodeLoad> load, String secret) {
        Cluster node = launch(described, load, secret);
        Await.until("node " + described.id() + " is connected", () -> node.registry()
                .isConnected());
        Await.until("all see " + described.id(), () -> nodes.stream()
                .filter(other -> other.registry().isConnected())
                .allMatch(other -> other.registry().find(described.id()).isPresent()
                        && node.registry().find(other.registry().self().id()).isPresent()));
        return node;
    }

    /** Not waited for. */
    Cluster launch(String id) {
        return launch(NodeRegistryContract.info(id), () -> NodeLoad.NONE, "");
    }

    private Cluster launch(NodeInfo described, Supplier<NodeLoad> load, String secret) {
        return launch(new ClusterOptions(described, load, url, secret));
    }

    /** By another way to the same Redis. */
    Cluster startAt(String id, String otherUrl) {
        Cluster node = launch(new ClusterOptions(NodeRegistryContract.info(id), () -> NodeLoad.NONE, otherUrl, ""));
        Await.until("node " + id + " is connected", () -> node.registry().isConnected());
        return node;
    }

    private Cluster launch(ClusterOptions options) {
        RedisUrl where = RedisUrl.parse(options.redisUrl());
        Cluster node = new RedisNode(options, where, REAL_TIME, TIMES).cluster(this::thread);
        nodes.add(node);
        node.start();
        return node;
    }

    /** All that its nodes have made. */
    List<Thread> threads() {
        return threads;
    }

    private Thread thread(Runnable task) {
        Thread thread = daemon(task);
        threads.add(thread);
        return thread;
    }

    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** A directory by itself: nobody renews its leases, and all nodes are held to live. */
    RedisRoomDirectory directory(String node, String secret) {
        RedisConnector connector = new RedisConnector(RedisUrl.parse(url), "noir-" + node, TIMES.commandLimit());
        RedisStore store = new RedisStore(connector, RedisTopology.of(connector), TIMES);
        store.open();
        stores.add(store);
        RedisLookups lookups = lookups(node);
        LeaseSeal seal = new LeaseSeal(new ClusterKey(secret));
        return new RedisRoomDirectory(
                node, "life-of-" + node, store, lookups, EVERYBODY_LIVES, seal, false, REAL_TIME, TIMES);
    }

    RoomPlans plans(String node) {
        return new RedisRoomPlans(lookups(node));
    }

    /** By themselves, and open. */
    RedisLookups lookups(String node) {
        RedisConnector connector = new RedisConnector(RedisUrl.parse(url), "noir-" + node, TIMES.commandLimit());
        RedisTopology topology = RedisTopology.of(connector);
        RedisLookups made = new RedisLookups(
                () -> new RedisLane(connector, topology, TIMES.commandLimit()), () -> {}, REAL_TIME, new RedisTimes());
        made.allow();
        assertTrue(made.tryToConnect());
        made.candidate().ifPresent(made::admit);
        lookups.add(made);
        return made;
    }

    @Override
    public void close() {
        nodes.forEach(Cluster::close);
        stores.forEach(RedisStore::close);
        lookups.forEach(RedisLookups::close);
        nodes.clear();
        stores.clear();
        lookups.clear();
    }
}
