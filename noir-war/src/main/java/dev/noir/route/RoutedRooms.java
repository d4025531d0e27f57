package dev.noir.route;

import dev.noir.access.Passwords;
import dev.noir.access.PlainText;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeRegistry;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerRequests;
import dev.noir.room.Reply;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomService;
import dev.noir.room.Rooms;
import dev.noir.room.Scheduler;
import dev.noir.room.TransportRole;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All rooms of the cluster: those of this node by its {@link RoomService}, those of others over the {@link NodeBus}; and the
 * other way round, rooms of this node for clients of others. Thread: any, but one at a time per link.
 */
public final class RoutedRooms implements PeerRequests, AutoCloseable {
    private static final Logger LOG = System.getLogger(RoutedRooms.class.getName());

    /** @param fingerprint of the connection that the client has joined with */
    private record Entry(Route route, RequestBudget budget, String fingerprint) {
        /** The other is the join of another RTCPeerConnection: the client has given up the one of this. */
        boolean isOutdatedBy(Entry next) {
            return !fingerprint.isEmpty() && !next.fingerprint.isEmpty() && !fingerprint.equals(next.fingerprint);
        }
    }

    // Given.
    private final RouteContext context;

    // Owned.
    private final ConcurrentMap<PeerLink, Entry> routes = new ConcurrentHashMap<>();
    private final RoutedPeers routedPeers = new RoutedPeers();
    private final RelayedLinks relayedLinks;
    private final ClusterRooms api;
    private final NodeQuestions questions;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Volatile: replaced by the timer's thread, cancelled by whoever closes.
    private volatile Scheduler.@Nullable Timer timer;

    /**
     * @param threads where routes run; a route takes one thread at a time, also while it waits for the directory
     * @param random for choosing nodes and for ids
     * @param passwords of rooms
     * @param signed nodes sign what they tell each other: then another one's word counts for who somebody is
     */
    public RoutedRooms(
            RoomService rooms,
            RoomDirectory directory,
            NodeRegistry registry,
            NodeBus bus,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            Passwords passwords,
            boolean signed) {
        this.context = new RouteContext(
                RoutingLimits.DEFAULT,
                rooms,
                directory,
                registry,
                bus,
                new Placement(registry, random),
                new RoutingCounters(),
                new PasswordChecks(passwords, threads),
                scheduler,
                threads,
                random,
                signed);
        this.relayedLinks = new RelayedLinks(context);
        this.api = new ClusterRooms(context);
        this.questions = new NodeQuestions(context);
    }

    /** Who wants to know how joins go; before the start. */
    public void watch(RouteWatch watch) {
        context.counters().watch = watch;
    }

    /** Listens to the other nodes from now on. */
    public void start() {
        context.registry().addListener(new NodeRegistry.Listener() {
            @Override
            public void nodeGone(String id) {
                relayedLinks.nodeGone(id);
                api.nodeGone(id);
                questions.nodeGone(id);
                hostGone(id);
            }

            @Override
            public void connectionLost() {
                routedPeers.all().forEach(place -> place.route().post(place.route()::connectionLost));
            }

            @Override
            public void connectionBack() {
                compareOnAThread();
            }
        });
        context.bus().listen(this::received);
        scheduleCheck();
    }

    private void hostGone(String node) {
        List<RemoteHost> places = routedPeers.at(node);
        if (!places.isEmpty()) {
            LOG.log(Level.WARNING, "Node {0} is gone; {1} clients here look for another host", node, places.size());
            places.forEach(place -> place.route().post(() -> place.route().hostGone(place)));
        }
    }

    /** Thread: the bus's, one at a time. */
    private void received(Envelope envelope) {
        try {
            switch (envelope.kind()) {
                case JOIN, RESUME, OFFER, ANSWER, MODERATE, LEAVE, ATTACHED -> relayedLinks.received(envelope);
                case COMMAND -> questions.asked(envelope);
                case REPLY, ERROR, MOVED, SERVER_OFFER, SERVER_TRICKLE, NOTIFY, CLOSE, LEFT -> forRoute(envelope);
                default ->
                    LOG.log(
                            Level.WARNING,
                            "node {0}: {1} is unknown here",
                            PlainText.of(envelope.from()),
                            envelope.kind());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "node " + PlainText.of(envelope.from()) + ": " + envelope.kind() + " failed", e);
        }
    }

    private void forRoute(Envelope envelope) {
        if (envelope.peer().isEmpty()) {
            if (envelope.room().isEmpty()) {
                questions.answered(envelope);
            } else {
                api.received(envelope);
            }
            return;
        }
        RemoteHost place = routedPeers.find(envelope.peer());
        if (place != null && place.node().equals(envelope.from())) {
            place.route().post(() -> place.received(envelope));
        }
    }

    private void scheduleCheck() {
        if (!closed.get()) {
            timer = context.scheduler().schedule(context.limits().checkInterval(), () -> {
                compareOnAThread();
                scheduleCheck();
            });
        }
    }

    private void compareOnAThread() {
        try {
            context.threads().execute(this::compare);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "no thread to compare peers with other nodes", e);
        }
    }

    /** Tells every node which of its peers have their client here. */
    private void compare() {
        if (closed.get() || !context.registry().isConnected()) {
            return;
        }
        routedPeers.list(context.scheduler().nanoTime(), (node, peers) -> context.bus()
                .send(new Envelope(
                        context.self(), node, Envelope.Kind.ATTACHED, "", "", 0, 0, RoutePayloads.attached(peers))));
        relayedLinks.sweep();
    }

    RemoteHost remoteHost(Route route, RoomId room, String node) {
        String peer = Long.toString(context.random().nextLong() & Long.MAX_VALUE, Character.MAX_RADIX);
        return new RemoteHost(context, route, routedPeers, room, node, peer);
    }

    void ended(Route route) {
        routes.computeIfPresent(route.client(), (link, entry) -> entry.route == route ? null : entry);
    }

    @Override
    public void join(PeerLink link, JoinRequest request, Reply reply) {
        Route route = new Route(context, this, link, WatchedJoin.ofClient(context, request, reply));
        Entry entry = new Entry(route, new RequestBudget(context.limits()), request.fingerprint());
        Entry older = routes.putIfAbsent(link, entry);
        if (older == null) {
            route.post(route::start);
        } else if (older.isOutdatedBy(entry)) {
            // client.leave() and join() at once: the goodbye of the connections comes later than this.
            routes.put(link, entry);
            older.route.post(() -> older.route.replaceBy(route));
        } else {
            throw RoomException.alreadyJoined();
        }
    }

    @Override
    public void offer(PeerLink link, String sdp, Reply reply) {
        Entry entry = joined(link);
        Reply counted = entry.budget.take(sdp.length(), reply);
        entry.route.post(() -> entry.route.offer(sdp, counted));
    }

    @Override
    public void answer(PeerLink link, String sdp, Reply reply) {
        Entry entry = joined(link);
        Reply counted = entry.budget.take(sdp.length(), reply);
        entry.route.post(() -> entry.route.answer(sdp, counted));
    }

    @Override
    public void moderate(PeerLink link, ModerationCommand command, Reply reply) {
        Entry entry = joined(link);
        Reply counted = entry.budget.take(0, reply);
        entry.route.post(() -> entry.route.moderate(command, counted));
    }

    /** All rooms of the cluster, for other parts of this server. */
    public Rooms api() {
        return api;
    }

    /** What nodes can be asked about themselves. */
    public NodeQuestions questions() {
        return questions;
    }

    /** Candidates are only looked at, which can be done here. */
    @Override
    public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {
        joined(link);
        RoomService.checkCandidate(candidate);
        reply.done();
    }

    private Entry joined(PeerLink link) {
        Entry entry = routes.get(link);
        if (entry == null) {
            throw RoomException.notJoined();
        }
        return entry;
    }

    @Override
    public void leave(PeerLink link) {
        Entry entry = routes.remove(link);
        if (entry != null) {
            entry.route.post(entry.route::leave);
        }
    }

    @Override
    public boolean isJoined(PeerLink link) {
        return routes.containsKey(link);
    }

    /** Clients of this node in rooms of others. */
    public int routedPeers() {
        return routedPeers.size();
    }

    /** Clients of other nodes in rooms of this one. */
    public int relayedPeers() {
        return relayedLinks.size();
    }

    /** Clients of this node that went on at another host. */
    public long resumedPeers() {
        return context.counters().resumedPeers.sum();
    }

    /** Clients of this node that could not go on when their room's host had gone, and were closed. */
    public long lostPeers() {
        return context.counters().lostPeers.sum();
    }

    /** Messages to other nodes that could not be sent, and requests that nobody answered. */
    public long busFailures() {
        return context.counters().busFailures.sum();
    }

    @Override
    public void close() {
        closed.set(true);
        Scheduler.Timer running = timer;
        if (running != null) {
            running.cancel();
        }
    }
}
