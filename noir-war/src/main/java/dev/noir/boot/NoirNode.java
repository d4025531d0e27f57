package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeState;
import dev.noir.config.NoirConfig;
import dev.noir.redis.Cluster;
import dev.noir.redis.ClusterOptions;
import dev.noir.room.FollowOnExecutor;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.sfu.FreedMemory;
import dev.noir.sfu.MediaPlaneConfig;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.signal.JsonApiMessages;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.SignalServer;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One running noiR: all its parts, made here by plain constructors, started in the order written, stopped in reverse.
 * Knows no CDI and no servlet, so a test can start one.
 *
 * <p>This is where parts are wired. To add one: construct it in {@link #startParts}, give it to {@code parts.add} when it
 * must be stopped, and, when an endpoint or servlet needs it, add an accessor here and a producer method in {@link
 * NoirApplication}.
 */
final class NoirNode implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    // Given.
    private final NoirConfig config;

    // Owned.
    private final Parts parts = new Parts();
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private @Nullable SignalServer signal;
    private @Nullable NodeDrain drain;

    private NoirNode(NoirConfig config) {
        this.config = config;
    }

    /** All or nothing: when a part does not start, those before it are stopped again. */
    static NoirNode start(NoirConfig config, ContainerThreads threads) {
        NoirNode node = new NoirNode(config);
        node.parts.add("threads", threads);
        try {
            node.startParts(threads);
        } catch (RuntimeException
                | Error e) { // An Error: a class or the native library that this server does not give us.
            node.close();
            throw e;
        }
        return node;
    }

    /**
     * The order is the order of need: media plane, the cluster's directory, then rooms on both. Stopping runs the other way:
     * rooms leave, the cluster is told, then media ends, then the threads are gone.
     */
    private void startParts(ContainerThreads threads) {
        SecureRandom random = new SecureRandom();
        Scheduler scheduler = new ServerScheduler(threads.scheduler());
        FreedMemory freed = new FreedMemory(scheduler, threads.executor());
        Executor tasks = new FollowOnExecutor(threads.executor());
        NativeMediaPlane media = parts.add(
                "media",
                NativeMediaPlane.open(
                        new MediaPlaneConfig(
                                config.mediaPort(),
                                config.mediaLoops(),
                                config.mediaAddresses(),
                                config.mediaAnnouncedAddresses()),
                        threads.factory(),
                        freed::changed));
        health.addCheck("media", media::isHealthy);
        LoadMeter load = parts.add("load meter", new LoadMeter(media, scheduler));
        if (!config.redisUrl().isEmpty()) {
            load.start();
        }
        Cluster cluster = parts.add("cluster", cluster(threads, scheduler, random, load));
        health.addCheck("cluster", cluster::isReady);
        RoomService rooms = new RoomService(
                roomDefaults(),
                RoomLimits.DEFAULT,
                cluster.rooms(),
                media,
                new JsonApiMessages(),
                scheduler,
                tasks,
                random);
        load.setRooms(rooms);
        cluster.rooms().onLost(rooms::leaseLost);
        metrics.add(new NodeMetrics(rooms, media));
        metrics.add(new ClusterMetrics(cluster));
        parts.add("rooms", () -> rooms.close().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS));
        RoutedRooms routes = parts.add(
                "routes",
                new RoutedRooms(rooms, cluster.rooms(), cluster.registry(), cluster.bus(), scheduler, tasks, random));
        metrics.add(new RoutingMetrics(rooms, routes));
        routes.start();
        signal = new SignalServer(SignalLimits.DEFAULT, routes, scheduler, tasks, random);
        cluster.start();
        // Stopped before all others: what is here has to go on elsewhere, or to be told.
        drain = parts.add(
                "drain", new NodeDrain(rooms, routes, cluster.registry(), signal, scheduler, config.drainTimeout()));
        health.addCheck("accepting", () -> cluster.registry().self().state() == NodeState.UP);
        health.setStarted(true);
    }

    /** On SIGTERM, too: many servers close their sockets, or end, before they undeploy their applications. */
    void drainBeforeExit() {
        parts.add("exit hook", ExitHook.install(drain()::close));
    }

    private Cluster cluster(ContainerThreads threads, Scheduler scheduler, SecureRandom random, LoadMeter load) {
        String id = config.clusterNodeId().isEmpty()
                ? HexFormat.of().toHexDigits(random.nextInt())
                : config.clusterNodeId();
        NodeInfo node = new NodeInfo(
                id,
                Set.copyOf(config.clusterServices()),
                NodeState.UP,
                NodeLoad.NONE,
                addresses(),
                Version.NUMBER,
                System.currentTimeMillis());
        try {
            return Cluster.of(
                    new ClusterOptions(node, load, config.redisUrl(), config.clusterSecret()),
                    scheduler,
                    threads.executor(),
                    threads.factory());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("noir.redis.url " + e.getMessage(), e);
        }
    }

    private List<String> addresses() {
        List<InetAddress> addresses =
                config.mediaAnnouncedAddresses().isEmpty() ? config.mediaAddresses() : config.mediaAnnouncedAddresses();
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    private RoomOptions roomDefaults() {
        return RoomOptions.DEFAULT
                .withMaxPeers(config.roomMaxPeers())
                .withMaxPublishers(config.roomMaxPublishers())
                .withMaxAge(config.roomMaxAge(), config.roomReserve());
    }

    NoirConfig config() {
        return config;
    }

    Health health() {
        return health;
    }

    Metrics metrics() {
        return metrics;
    }

    NodeDrain drain() {
        return Objects.requireNonNull(drain, "noiR has not been started");
    }

    SignalServer signal() {
        return Objects.requireNonNull(signal, "noiR has not been started");
    }

    @Override
    public void close() {
        health.setStarted(false);
        parts.close();
    }
}
