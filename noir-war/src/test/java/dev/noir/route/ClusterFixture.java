package dev.noir.route;

import dev.noir.access.Entrance;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Passwords;
import dev.noir.access.TakenName;
import dev.noir.bus.Envelope;
import dev.noir.bus.LocalNodeBus;
import dev.noir.bus.LocalNodeRegistry;
import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.event.RoomEvent;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.ApiMessage;
import dev.noir.room.ApiMessages;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.FakeProjector;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinConfig;
import dev.noir.room.MediaEnd;
import dev.noir.room.Recorder;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.RoomState;
import dev.noir.room.Scheduler;
import dev.noir.room.TestAccess;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import dev.noir.room.TransportState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Several nodes in one process, with a store that can go away and nodes that can die. Tasks run at once, on the test's thread. */
final class ClusterFixture {
    static final RoomId ROOM = new RoomId("r");

    final FakeScheduler scheduler = new FakeScheduler();
    private final Executor threads;
    private final Scheduler time;
    private final LocalRoomDirectory.Shared leases;
    private final LocalNodeRegistry.Shared registries = new LocalNodeRegistry.Shared();
    private final LocalNodeBus.Shared buses = new LocalNodeBus.Shared();
    private final List<Node> nodes = new ArrayList<>();
    private volatile boolean storeAway;

    /** Of nodes made from now on. */
    Passwords passwords = Passwords.NONE;

    /** As above. */
    boolean signed = true;

    /** As above. */
    Entrance entrance = new OpenEntrance();

    /** A double is asked, or has found its answer: others may be faster. */
    Runnable beforeAnyAnswer = () -> {};

    ClusterFixture() {
        this.threads = Runnable::run;
        this.time = scheduler;
        this.leases = new LocalRoomDirectory.Shared(scheduler::nanoTime);
    }

    /** With real threads and real time. */
    ClusterFixture(Executor threads, Scheduler time) {
        this.threads = threads;
        this.time = time;
        this.leases = new LocalRoomDirectory.Shared(time::nanoTime);
    }

    Node node(String id) {
        return node(id, Set.of(NodeInfo.SIGNAL, NodeInfo.SFU), RoomOptions.DEFAULT);
    }

    /** It takes signalling only. */
    Node front(String id) {
        return node(id, Set.of(NodeInfo.SIGNAL), RoomOptions.DEFAULT);
    }

    Node node(String id, Set<String> services, RoomOptions options) {
        Node node = new Node(id, services, options);
        nodes.add(node);
        return node;
    }

    Optional<RoomLease> lease() {
        return new LocalRoomDirectory("test", leases).find(ROOM);
    }

    /** The node's leases have run out. */
    void expire(Node node) {
        leases.expire(node.id);
    }

    /** Nobody can ask it, and nothing arrives. */
    void storeGoesAway() {
        storeAway = true;
        nodes.forEach(node -> node.registry.listeners.forEach(NodeRegistry.Listener::connectionLost));
    }

    void storeComesBack() {
        storeAway = false;
        nodes.forEach(node -> node.registry.listeners.forEach(NodeRegistry.Listener::connectionBack));
    }

    /** One of the nodes. */
    final class Node {
        final String id;
        final FakeMediaPlane media = new FakeMediaPlane();
        final FakeProjector projector = new FakeProjector();
        final LocalRoomDirectory plans;
        final Directory directory;
        final Registry registry;
        final Bus bus;
        final RoomService service;
        final List<RoomEvent> told = new CopyOnWriteArrayList<>();
        final RoutedRooms rooms;
        volatile NodeLoad load = NodeLoad.NONE;

        Node(String id, Set<String> services, RoomOptions options) {
            this.id = id;
            plans = new LocalRoomDirectory(id, leases);
            directory = new Directory(plans);
            registry = new Registry(new LocalNodeRegistry(
                    new NodeInfo(id, services, NodeState.UP, NodeLoad.NONE, List.of(), "test", 0),
                    () -> load,
                    registries));
            bus = new Bus(new LocalNodeBus(id, buses, threads), registry);
            service = new RoomService(
                    options,
                    RoomLimits.DEFAULT,
                    directory,
                    media,
                    new NoApiMessages(),
                    told::add,
                    time,
                    threads,
                    new Random(id.hashCode()),
                    TestAccess.of(entrance, TakenName.REPLACE, time),
                    Recorder.NONE,
                    projector);
            rooms = new RoutedRooms(
                    service, directory, registry, bus, time, threads, new Random(id.hashCode()), passwords, signed);
            rooms.start();
        }

        FakeClient client() {
            return new FakeClient(rooms);
        }

        FakeClient join(String name) {
            return client().join(ROOM.value(), name, TestSdp.dataOnly(), JoinConfig.NONE);
        }

        /** Joined, first offer answered, both connections up, wherever the room is. */
        FakeClient settled(String name) {
            FakeClient client = join(name);
            client.answerLast();
            host().connectAll();
            return client;
        }

        /** It does not run any more. Nobody knows yet. */
        void dies() {
            bus.close();
        }

        /** The others find out, and what it held has run out. */
        void isFoundDead() {
            nodes.remove(this);
            leases.expire(id);
            registry.close();
        }

        void connectAll() {
            for (FakeTransport transport : transports()) {
                transport.tell(TransportState.CONNECTED, MediaEnd.NONE);
            }
        }

        /** Those that are open, in the order of their making. */
        List<FakeTransport> transports() {
            return media.rooms.stream()
                    .flatMap(room -> room.transports.stream())
                    .filter(transport -> !transport.closed)
                    .toList();
        }

        List<FakeTransport> transports(TransportRole role) {
            return transports().stream()
                    .filter(transport -> transport.role == role)
                    .toList();
        }

        /** What it hosts is given away, and who is attached here told so. */
        void handsOver() {
            registry.setState(NodeState.DRAINING);
            service.handOver(CloseCause.GOING_AWAY).join();
        }
    }

    /** The node that hosts the room. */
    Node host() {
        String owner = lease().orElseThrow().node();
        return nodes.stream().filter(node -> node.id.equals(owner)).findFirst().orElseThrow();
    }

    /** The directory, when the store answers. */
    final class Directory implements RoomDirectory {
        private final RoomDirectory directory;
        volatile Consumer<RoomId> beforeClaim = room -> {};

        Directory(RoomDirectory directory) {
            this.directory = directory;
        }

        private void ask() {
            beforeAnyAnswer.run();
            if (storeAway) {
                throw new RoomException(RoomException.Code.UNAVAILABLE, "the store does not answer");
            }
        }

        @Override
        public RoomLease claim(RoomId room) {
            ask();
            beforeClaim.accept(room);
            return directory.claim(room);
        }

        @Override
        public Optional<RoomLease> find(RoomId room) {
            ask();
            return directory.find(room);
        }

        @Override
        public boolean renew(RoomLease lease) {
            ask();
            return directory.renew(lease);
        }

        @Override
        public boolean reassert(RoomLease lease) {
            ask();
            return directory.reassert(lease);
        }

        @Override
        public boolean release(RoomLease lease, Duration reserve) {
            ask();
            return directory.release(lease, reserve);
        }

        @Override
        public RoomOptions options(RoomId room, RoomOptions defaults) {
            ask();
            return directory.options(room, defaults);
        }

        @Override
        public RoomState state(RoomId room) {
            ask();
            return directory.state(room);
        }

        @Override
        public boolean saveState(RoomLease lease, RoomState state) {
            ask();
            return directory.saveState(lease, state);
        }

        @Override
        public String node() {
            return directory.node();
        }
    }

    /** The registry, which notices when the store is away. */
    final class Registry implements NodeRegistry {
        private final NodeRegistry registry;
        final List<Listener> listeners = new CopyOnWriteArrayList<>();
        private final Set<String> heldGone = ConcurrentHashMap.newKeySet();

        Registry(NodeRegistry registry) {
            this.registry = registry;
        }

        @Override
        public NodeInfo self() {
            return registry.self();
        }

        /** It alone has not heard of that node for too long. */
        void holdsGone(String node) {
            heldGone.add(node);
            listeners.forEach(listener -> listener.nodeGone(node));
        }

        /** It hears of it again. */
        void sees(String node) {
            heldGone.remove(node);
        }

        @Override
        public Collection<NodeInfo> live() {
            return registry.live().stream()
                    .filter(node -> !heldGone.contains(node.id()))
                    .toList();
        }

        @Override
        public Optional<NodeInfo> find(String node) {
            beforeAnyAnswer.run();
            Optional<NodeInfo> found = heldGone.contains(node) ? Optional.empty() : registry.find(node);
            beforeAnyAnswer.run();
            return found;
        }

        @Override
        public void setState(NodeState state) {
            registry.setState(state);
        }

        @Override
        public void addListener(Listener listener) {
            listeners.add(listener);
            registry.addListener(listener);
        }

        @Override
        public boolean isConnected() {
            return !storeAway;
        }

        @Override
        public void close() {
            registry.close();
        }
    }

    /** The bus, whose messages can be held back or lost. */
    final class Bus implements NodeBus {
        private final NodeBus bus;
        private final Registry registry;
        final List<Envelope> sent = new CopyOnWriteArrayList<>();
        final ConcurrentLinkedQueue<Envelope> held = new ConcurrentLinkedQueue<>();
        volatile boolean holds;
        volatile boolean loses;
        volatile boolean full;

        Bus(NodeBus bus, Registry registry) {
            this.bus = bus;
            this.registry = registry;
        }

        @Override
        public boolean send(Envelope envelope) {
            if (storeAway || full || registry.heldGone.contains(envelope.to())) {
                return false;
            }
            sent.add(envelope);
            if (loses) {
                return true;
            }
            if (holds) {
                return held.add(envelope);
            }
            return bus.send(envelope);
        }

        /** Delivers what was held back. */
        void letGo() {
            holds = false;
            for (Envelope next = held.poll(); next != null; next = held.poll()) {
                bus.send(next);
            }
        }

        @Override
        public void listen(Consumer<Envelope> receiver) {
            bus.listen(receiver);
        }

        @Override
        public void close() {
            bus.close();
        }
    }

    /** Nobody uses the API channel here. */
    private static final class NoApiMessages implements ApiMessages {
        @Override
        public Optional<ApiMessage> parse(String text) {
            return Optional.empty();
        }

        @Override
        public String wantedLayers(String streamId, String mid, List<String> rids) {
            return "";
        }

        @Override
        public String activeLayer(String streamId, String activeLayer, List<String> availableLayers) {
            return "";
        }

        @Override
        public String audioLevels(List<String> streamIds) {
            return "";
        }
    }
}
