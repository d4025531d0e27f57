package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.cluster.LocalRoomDirectory;
import dev.noir.config.NoirConfig;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.sfu.MediaPlaneConfig;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.signal.JsonApiMessages;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.SignalServer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
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
    private static final String LONELY_NODE = "local";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    // Given.
    private final NoirConfig config;

    // Owned.
    private final Parts parts = new Parts();
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private @Nullable SignalServer signal;

    private NoirNode(NoirConfig config) {
        this.config = config;
    }

    /** All or nothing: when a part does not start, those before it are stopped again. */
    static NoirNode start(NoirConfig config, ContainerThreads threads) {
        NoirNode node = new NoirNode(config);
        node.parts.add("threads", threads);
        try {
            node.startParts(threads);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
        return node;
    }

    /**
     * The order is the order of need: media plane, then rooms on it. Stopping runs the other way: rooms leave, then media
     * ends, then the threads are gone.
     */
    private void startParts(ContainerThreads threads) {
        SecureRandom random = new SecureRandom();
        Scheduler scheduler = new ServerScheduler(threads.scheduler());
        NativeMediaPlane media = parts.add(
                "media",
                NativeMediaPlane.open(
                        new MediaPlaneConfig(
                                config.mediaPort(),
                                config.mediaLoops(),
                                config.mediaAddresses(),
                                config.mediaAnnouncedAddresses()),
                        threads.factory()));
        health.addCheck("media", media::isHealthy);
        RoomService rooms = new RoomService(
                RoomOptions.DEFAULT.withMaxPeers(config.roomMaxPeers()),
                RoomLimits.DEFAULT,
                new LocalRoomDirectory(LONELY_NODE, new LocalRoomDirectory.Shared(scheduler::nanoTime)),
                media,
                new JsonApiMessages(),
                scheduler,
                threads.executor(),
                random);
        metrics.add(new NodeMetrics(rooms, media));
        parts.add("rooms", () -> rooms.close().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS));
        signal = new SignalServer(SignalLimits.DEFAULT, rooms, scheduler, threads.executor(), random);
        parts.add("signal", signal::close);
        health.setStarted(true);
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

    SignalServer signal() {
        return Objects.requireNonNull(signal, "noiR has not been started");
    }

    @Override
    public void close() {
        health.setStarted(false);
        parts.close();
    }
}
