package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.config.NoirConfig;

/**
 * One running noiR: all its parts, made here by plain constructors, started in the order written, stopped in reverse.
 * Knows no CDI and no servlet, so a test can start one.
 *
 * <p>This is where parts are wired. To add one: construct it in {@link #startParts}, give it to {@code parts.add} when it
 * must be stopped, and, when an endpoint or servlet needs it, add an accessor here and a producer method in {@link
 * NoirApplication}.
 */
final class NoirNode implements AutoCloseable {
    // Given.
    private final NoirConfig config;

    // Owned.
    private final Parts parts = new Parts();
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();

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
    @SuppressWarnings("UnusedVariable")
    private void startParts(ContainerThreads threads) {
        // MediaPlane media = parts.add("media", NativeMediaPlane.open(config, threads.factory()));
        // rooms = parts.add("rooms", new RoomService(media, threads.executor(), threads.scheduler(), Clock…));
        // health.addCheck("media", media::isAlive);
        // metrics.add(new NodeMetrics(rooms, media));
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

    @Override
    public void close() {
        health.setStarted(false);
        parts.close();
    }
}
