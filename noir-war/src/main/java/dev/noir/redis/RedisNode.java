package dev.noir.redis;

import dev.noir.bus.EnvelopeCodec;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.RoomException;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * A node of a cluster over Redis: its parts, and what its heartbeat does with them. Thread: {@link Heartbeat.Turn} the
 * heartbeat's; the rest any.
 */
final class RedisNode implements Heartbeat.Turn {
    private static final Logger LOG = System.getLogger(RedisNode.class.getName());
    private static final int INCARNATION_BYTES = 8;

    // Owned.
    private final Heartbeat heartbeat = new Heartbeat();
    private final BusCounters counters = new BusCounters();
    private final String id;
    private final String incarnation;
    private final RedisStore store;
    private final RedisNodeRegistry registry;
    private final LeaseKeeper rooms;
    private final RedisInbox inbox;
    private final RedisOutbox outbox;
    private final RedisNodeBus bus;
    private final Janitor janitor;

    RedisNode(ClusterOptions options, RedisUrl url, Scheduler scheduler, ClusterTimes times) {
        id = options.node().id();
        incarnation = newIncarnation();
        RedisConnector connector = new RedisConnector(url, "noir-" + id, times.commandLimit());
        RedisTopology topology = RedisTopology.of(connector);
        EnvelopeCodec codec = new EnvelopeCodec(options.secret());
        store = new RedisStore(connector, topology, times);
        registry =
                new RedisNodeRegistry(options.node(), incarnation, options.load(), store, scheduler, times, heartbeat);
        rooms = new LeaseKeeper(new RedisRoomDirectory(id, incarnation, store, registry, times));
        outbox = new RedisOutbox(incarnation, connector, topology, codec, scheduler, times, counters);
        bus = new RedisNodeBus(registry, outbox, counters, heartbeat);
        inbox = new RedisInbox(id, incarnation, connector, topology, codec, times, counters, bus::deliver);
        janitor = new Janitor(store, scheduler, times);
    }

    private static String newIncarnation() {
        byte[] bytes = new byte[INCARNATION_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    Cluster cluster(ThreadFactory threads) {
        return new Cluster(
                registry,
                bus,
                rooms,
                counters,
                () -> registry.isConnected() && registry.isSettled(),
                () -> start(threads),
                this::stop);
    }

    private void start(ThreadFactory threads) {
        start(threads.newThread(inbox), "noir-inbox");
        start(threads.newThread(outbox), "noir-outbox");
        heartbeat.start(threads, this);
    }

    /** The name is for whoever looks at a dump of all threads. */
    private static void start(Thread thread, String name) {
        thread.setName(name);
        thread.start();
    }

    private void stop() {
        bus.close();
        heartbeat.stop();
        inbox.close();
        store.close();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Leases come before the node's own life: when this node dies, its leases have run out by the time the others know.
     */
    @Override
    public Duration take() {
        try {
            if (store.isOpen()) {
                rooms.renew();
            } else {
                store.failure().ifPresent(registry::lost);
                store.open();
                rooms.reassert();
            }
            store.eval(inbox.upkeep());
            registry.beat().forEach(this::removeInbox);
            bus.forgetNewcomers();
            if (registry.isFirst()) {
                janitor.work();
            }
        } catch (RedisUnavailable | RoomException e) {
            store.close();
            registry.lost(reason(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A heartbeat failed", e);
        }
        return registry.nextBeat();
    }

    private static String reason(RuntimeException failure) {
        Throwable cause = failure instanceof RoomException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    private void removeInbox(NodeRecord gone) {
        String key = RedisKeys.inbox(gone.info().id(), gone.incarnation());
        store.run(key, new CommandArguments(Protocol.Command.DEL).add(key));
    }

    /** What the node leaves behind is nothing, if Redis answers. */
    @Override
    public void end() {
        try {
            if (store.isOpen()) {
                rooms.releaseAll();
                registry.leave();
                removeInbox(new NodeRecord(registry.self(), incarnation));
            }
        } catch (RedisUnavailable | RoomException e) {
            LOG.log(Level.DEBUG, "Redis could not be told of the end of this node", e);
        }
    }
}
