package dev.noir.redis;

import dev.noir.bus.LocalNodeBus;
import dev.noir.bus.LocalNodeRegistry;
import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeRegistry;
import dev.noir.eventlog.EventStore;
import dev.noir.eventlog.LogLimits;
import dev.noir.eventlog.MemoryEventStore;
import dev.noir.lease.LeaseKeeper;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.RoomPlans;
import dev.noir.room.Scheduler;
import dev.noir.webhook.MemoryWebhookStore;
import dev.noir.webhook.WebhookStore;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * This node's part in its cluster: over Redis, or alone. Made, then given its listeners ({@link LeaseKeeper#onLost}, {@link
 * NodeBus#listen}, {@link NodeRegistry#addListener}), then started. Thread: any.
 */
public final class Cluster implements AutoCloseable {
    private final NodeRegistry registry;
    private final NodeBus bus;
    private final LeaseKeeper rooms;
    private final RoomPlans plans;
    private final BusCounters counters;
    private final RedisTimes times;
    private final Function<LogLimits, EventStores> events;
    private final Optional<RequestList> requests;
    private final Supplier<Optional<String>> trouble;
    private final Runnable start;
    private final Runnable stop;

    Cluster(
            NodeRegistry registry,
            NodeBus bus,
            LeaseKeeper rooms,
            RoomPlans plans,
            BusCounters counters,
            RedisTimes times,
            Function<LogLimits, EventStores> events,
            Optional<RequestList> requests,
            Supplier<Optional<String>> trouble,
            Runnable start,
            Runnable stop) {
        this.registry = registry;
        this.bus = bus;
        this.rooms = rooms;
        this.plans = plans;
        this.counters = counters;
        this.times = times;
        this.events = events;
        this.requests = requests;
        this.trouble = trouble;
        this.start = start;
        this.stop = stop;
    }

    /**
     * Connects to nothing yet. Throws {@link IllegalArgumentException} for a URL that can't be used, with a text that
     * completes "noir.redis.url …" and holds no password.
     *
     * @param scheduler the time, too
     * @param threads where envelopes are delivered when it is alone
     * @param threadFactory for the four threads that it has with Redis
     */
    public static Cluster of(
            ClusterOptions options, Scheduler scheduler, Executor threads, ThreadFactory threadFactory) {
        if (options.redisUrl().isEmpty()) {
            return alone(options, scheduler, threads);
        }
        RedisUrl url = RedisUrl.parse(options.redisUrl());
        return new RedisNode(options, url, scheduler, ClusterTimes.DEFAULT).cluster(threadFactory);
    }

    private static Cluster alone(ClusterOptions options, Scheduler scheduler, Executor threads) {
        String id = options.node().id();
        NodeRegistry registry = new LocalNodeRegistry(options.node(), options.load(), new LocalNodeRegistry.Shared());
        NodeBus bus = new LocalNodeBus(id, new LocalNodeBus.Shared(), threads);
        LocalRoomDirectory directory = new LocalRoomDirectory(id, new LocalRoomDirectory.Shared(scheduler::nanoTime));
        return new Cluster(
                registry,
                bus,
                new LeaseKeeper(directory),
                directory,
                new BusCounters(),
                new RedisTimes(),
                limits -> new EventStores(new MemoryEventStore(limits, scheduler::nanoTime), new MemoryWebhookStore()),
                Optional.empty(),
                Optional::empty,
                () -> {},
                () -> {
                    bus.close();
                    registry.close();
                });
    }

    public NodeRegistry registry() {
        return registry;
    }

    public NodeBus bus() {
        return bus;
    }

    /** The directory, for rooms of this node. */
    public LeaseKeeper rooms() {
        return rooms;
    }

    /** What is laid down for rooms, open or not. */
    public RoomPlans plans() {
        return plans;
    }

    /** Where events are kept, and how far they have been delivered. */
    public record EventStores(EventStore log, WebhookStore webhooks) {}

    /** New ones; over Redis they all see the same. */
    public EventStores events(LogLimits limits) {
        return events.apply(limits);
    }

    /** What other programs ask for; empty without Redis. */
    public Optional<RequestList> requests() {
        return requests;
    }

    public BusCounters counters() {
        return counters;
    }

    public RedisTimes times() {
        return times;
    }

    /** Whether new rooms can be opened and other nodes heard; never blocks. Alone: always. */
    public boolean isReady() {
        return trouble().isEmpty();
    }

    /** Why not, or why other nodes are not heard; never blocks. Alone: never. */
    public Optional<String> trouble() {
        return trouble.get();
    }

    /** Returns at once, whether Redis answers or not; it is tried until it does. */
    public void start() {
        start.run();
    }

    /** This node leaves: what has been sent goes out, what has been released is free, the others are told. */
    @Override
    public void close() {
        stop.run();
    }
}
