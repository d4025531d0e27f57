package dev.noir.redis;

import dev.noir.bus.ClusterKey;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.RoomException;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
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
    private final RedisTimes trips = new RedisTimes();
    private final String id;
    private final String incarnation;
    private final RedisStore store;
    private final RedisLookups lookups;
    private final RedisNodeRegistry registry;
    private final RedisRoomDirectory directory;
    private final LeaseKeeper rooms;
    private final RedisInbox inbox;
    private final RedisOutbox outbox;
    private final RedisNodeBus bus;
    private final SelfPing ping;
    private final Janitor janitor;
    private final RequestList requests;
    private final TroubleLog troubles;
    private final ClusterTimes times;

    // Volatile: written by the heartbeat, read by whoever asks about health.
    private volatile @Nullable ThreadFactory threads; // Once it has started.
    private volatile String away = "Redis has not been connected to yet";

    RedisNode(ClusterOptions options, RedisUrl url, Scheduler scheduler, ClusterTimes times) {
        this.times = times;
        id = options.node().id();
        incarnation = newIncarnation();
        RedisConnector connector = new RedisConnector(url, "noir-" + id, times.commandLimit());
        // What the others forget, the heartbeat need not ask for again.
        RedisTopology topology = RedisTopology.of(connector);
        RedisTopology lookedUp = RedisTopology.of(connector);
        EnvelopeCodec codec = new EnvelopeCodec(options.secret());
        store = new RedisStore(connector, RedisTopology.of(connector), times);
        lookups = new RedisLookups(
                () -> {
                    lookedUp.forget(); // Nobody connects anew if all is where it was.
                    return new RedisLane(connector, lookedUp, times.commandLimit());
                },
                heartbeat::wake,
                scheduler,
                trips);
        ClusterKey key = new ClusterKey(options.secret());
        registry = new RedisNodeRegistry(
                options.node(), incarnation, options.load(), store, lookups, key, scheduler, times, heartbeat);
        directory = new RedisRoomDirectory(
                id,
                incarnation,
                store,
                lookups,
                registry,
                new LeaseSeal(key),
                url.mode() != RedisUrl.Mode.CLUSTER,
                scheduler,
                times);
        rooms = new LeaseKeeper(directory);
        outbox = new RedisOutbox(incarnation, connector, topology, codec, scheduler, times, counters);
        bus = new RedisNodeBus(registry, outbox, counters, heartbeat);
        inbox = new RedisInbox(id, incarnation, connector, topology, codec, times, counters, bus::deliver);
        ping = new SelfPing(
                number -> bus.ping(incarnation, number), this::listenAnew, scheduler, times.ping(), times.pingLimit());
        bus.onPing(ping::arrived);
        janitor = new Janitor(store, scheduler, times);
        requests = new RequestList(lookups, scheduler);
        troubles = new TroubleLog(scheduler);
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
                new RedisRoomPlans(lookups),
                counters,
                trips,
                limits -> new Cluster.EventStores(
                        new RedisEventStore(lookups, directory::fence, limits),
                        new RedisWebhookStore(lookups, incarnation, limits)),
                Optional.of(requests),
                this::trouble,
                () -> start(threads),
                this::stop);
    }

    /** Why no new rooms can be opened here, or why other nodes are not heard. */
    private Optional<String> trouble() {
        if (!registry.isConnected()) {
            return Optional.of(store.failure().map(RedisNode::unusable).orElse(away));
        }
        if (!registry.isSettled()) {
            return Optional.of("Redis has just come back; hosts are being asked");
        }
        return ownTrouble();
    }

    /** Of one path, while the heartbeat goes on. */
    private Optional<String> ownTrouble() {
        return lookups.trouble()
                .map(reason -> "rooms cannot be looked up: " + reason)
                .or(() -> outbox.trouble().map(reason -> "other nodes cannot be written to: " + reason))
                .or(() -> inbox.trouble().map(reason -> "other nodes cannot be heard: " + reason))
                .or(ping::trouble);
    }

    private void start(ThreadFactory factory) {
        threads = factory;
        start(factory.newThread(lookups), "noir-lookups");
        listen(factory);
        start(factory.newThread(outbox), "noir-outbox");
        heartbeat.start(factory, this);
    }

    private void listen(ThreadFactory factory) {
        inbox.listen(reader -> start(factory.newThread(reader), "noir-inbox"));
    }

    /** What this node has sent to itself does not arrive: unless it was not written, whoever should have read it is stuck. */
    private void listenAnew() {
        ThreadFactory factory = threads;
        if (factory != null && outbox.trouble().isEmpty()) {
            listen(factory);
        }
    }

    /** The name is for whoever looks at a dump of all threads. */
    private static void start(Thread thread, String name) {
        thread.setName(name);
        thread.start();
    }

    private void stop() {
        requests.close();
        bus.close();
        heartbeat.stop();
        lookups.close();
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
            if (!store.isOpen()) {
                store.failure().ifPresent(this::lost);
                store.open();
                rooms.reassert();
                lookups.allow(times.commandLimit());
                inbox.hurry();
                outbox.hurry();
            }
            // It was connected before all leases are in force, as it has to be.
            Optional<RedisLane> connected = lookups.candidate();
            rooms.renew();
            connected.ifPresent(lookups::admit);
            store.eval(inbox.upkeep());
            registry.beat().forEach(this::removeInbox);
            if (!registry.isConnected()) {
                away = "another node has been started with the id " + id;
            }
            bus.forgetNewcomers();
            ping.beat();
            troubles.look(ownTrouble());
            if (registry.isFirst()) {
                janitor.work();
            }
        } catch (RedisUnavailable | RoomException e) {
            lost(reason(e));
        } catch (RuntimeException | Error e) { // Such as a reply that is none to what was asked.
            if (registry.isConnected()) {
                LOG.log(Level.ERROR, "A heartbeat failed", e);
            }
            lost(e.toString());
        }
        return registry.nextBeat();
    }

    private static String unusable(String why) {
        return "Redis cannot be used: " + why;
    }

    private void lost(String why) {
        away = unusable(why);
        lookups.forbid(why);
        store.close();
        ping.reset();
        registry.lost(why);
    }

    private static String reason(RuntimeException failure) {
        Throwable cause = failure instanceof RoomException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    private void removeInbox(NodeRecord gone) {
        removeInbox(gone.info().id(), gone.incarnation());
    }

    private void removeInbox(String node, String life) {
        String key = RedisKeys.inbox(node, life);
        store.tryToRun(key, new CommandArguments(Protocol.Command.DEL).add(key));
    }

    /** What the node leaves behind is nothing, if Redis answers. */
    @Override
    public void end() {
        try {
            if (store.isOpen()) {
                rooms.releaseAll();
                registry.leave();
                removeInbox(id, incarnation);
            }
        } catch (RedisUnavailable | RoomException e) {
            LOG.log(Level.DEBUG, "Redis could not be told of the end of this node", e);
        }
    }
}
