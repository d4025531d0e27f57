package dev.noir.route;

import dev.noir.access.Caller;
import dev.noir.access.Grants;
import dev.noir.access.Policies;
import dev.noir.access.RoleSet;
import dev.noir.access.RoomPolicy;
import dev.noir.access.RuledEntrance;
import dev.noir.admin.Actor;
import dev.noir.admin.ClusterView;
import dev.noir.admin.Commands;
import dev.noir.admin.DrainControl;
import dev.noir.admin.JobKind;
import dev.noir.admin.NodeCalls;
import dev.noir.admin.NodeCommands.NodeEntry;
import dev.noir.admin.PlayFile;
import dev.noir.admin.RpcDoor;
import dev.noir.bus.NodeInfo;
import dev.noir.eventlog.EventLog;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.history.History;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.recording.Recordings;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import dev.noir.room.TestSdp;
import dev.noir.route.ClusterFixture.Node;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Two nodes, one, which is asked, and two, which hosts what is opened there, with management on both. */
public final class ManagedCluster {
    public static final Actor BOSS =
            new Actor(new Caller("boss", Set.of("noir-admin"), Caller.Means.CONTAINER, "192.0.2.7"), "test");

    /** A job that runs until it is stopped. */
    public static final class FakeKind implements JobKind {
        public final List<String> started = new ArrayList<>();
        public int stopped;
        private final String name;
        private final boolean forHost;

        FakeKind(String name, boolean forHost) {
            this.name = name;
            this.forHost = forHost;
        }

        /** Of the one started last. */
        public CompletableFuture<Void> over = new CompletableFuture<>();

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isForHost() {
            return forHost;
        }

        @Override
        public Run start(String room, Map<String, ?> options) {
            started.add(room + " " + options);
            over = new CompletableFuture<>();
            return new Run() {
                @Override
                public CompletionStage<?> over() {
                    return over;
                }

                @Override
                public void stop() {
                    stopped++;
                }
            };
        }
    }

    /** Everybody is a member. */
    private static final RoomPolicy MEMBERS = RoomPolicy.ofRoles(
            Grants.MEMBER.all().stream().collect(Collectors.toMap(grant -> grant, grant -> RoleSet.EVERYBODY)),
            RoleSet.EVERYBODY);

    /** Three events in every room. */
    private static final EventLog EVENTS = new EventLog() {
        @Override
        public CompletionStage<List<LoggedEvent>> replay(RoomId room, long from, int limit) {
            return CompletableFuture.completedStage(LongStream.rangeClosed(from, 3)
                    .limit(limit)
                    .mapToObj(number -> new LoggedEvent(
                            room.value(),
                            number,
                            Instant.EPOCH,
                            "room.opened",
                            "{\"data\":{\"number\":" + number + "}}"))
                    .toList());
        }

        @Override
        public Following follow(RoomId room, long from, Listener listener) {
            throw new UnsupportedOperationException("nobody follows here");
        }
    };

    /** A node that can be told to leave. */
    public static final class FakeDrain implements DrainControl {
        public boolean begun;

        @Override
        public void drain() {
            begun = true;
        }

        @Override
        public State state() {
            return begun ? State.DRAINING : State.UP;
        }
    }

    private final ClusterFixture cluster = new ClusterFixture();
    public final Node one;
    public final Node two;
    public final FakeDrain drainOfTwo = new FakeDrain();
    public final FakeKind jobsOfTwo = new FakeKind("hum", false);
    public final FakeKind hostJobsOfOne = new FakeKind("look", true);
    public final FakeKind hostJobsOfTwo = new FakeKind("look", true);
    public final History historyOfOne = history();
    public final History historyOfTwo = history();
    public final Commands commands;
    private final RpcDoor door;

    public ManagedCluster() {
        this(true);
    }

    public ManagedCluster(boolean signed) {
        this(signed, Set.of(NodeInfo.SIGNAL, NodeInfo.SFU));
    }

    ManagedCluster(boolean signed, Set<String> servicesOfTwo) {
        cluster.signed = signed;
        cluster.entrance = new RuledEntrance(() -> Policies.of(MEMBERS), false);
        one = cluster.node("one");
        two = cluster.node("two", servicesOfTwo, RoomOptions.DEFAULT);
        commands = manage(
                one,
                new FakeDrain(),
                historyOfOne,
                List.of(new PlayFile(one.rooms, cluster.scheduler, new Random(1)), hostJobsOfOne));
        manage(two, drainOfTwo, historyOfTwo, List.of(jobsOfTwo, hostJobsOfTwo));
        door = new RpcDoor(commands);
    }

    private History history() {
        return new History(
                Duration.ofMinutes(1), cluster.scheduler, () -> Instant.EPOCH.plusNanos(cluster.scheduler.nanoTime()));
    }

    private Commands manage(Node node, DrainControl drain, History history, List<JobKind> kinds) {
        ClusterView view = new View(node);
        NodeCalls calls = new NodeCalls(view);
        LocalRoomDirectory plans = node.plans;
        Commands made = new Commands(
                new Commands.Parts(
                        view,
                        calls,
                        drain,
                        node.rooms.api(),
                        plans,
                        node.directory,
                        RoomOptions.DEFAULT,
                        EVENTS,
                        history,
                        kinds,
                        Recordings.NONE,
                        node.projector),
                cluster.scheduler,
                Runnable::run,
                () -> Instant.EPOCH.plusNanos(cluster.scheduler.nanoTime()),
                new SecureRandom());
        node.rooms.questions().answerWith(calls::answer);
        return made;
    }

    private record View(Node node) implements ClusterView {
        @Override
        public String self() {
            return node.id;
        }

        @Override
        public List<NodeEntry> nodes() {
            return node.registry.live().stream()
                    .map(info -> new NodeEntry(
                            info.id(),
                            "up",
                            List.copyOf(info.services()),
                            List.of(),
                            "test",
                            0,
                            0.5,
                            10,
                            info.load().peers(),
                            1))
                    .toList();
        }

        @Override
        public CompletionStage<String> ask(String other, String question) {
            return node.rooms.questions().ask(other, question);
        }
    }

    /** Of node one. */
    public RpcDoor door() {
        return door;
    }

    public FakeScheduler scheduler() {
        return cluster.scheduler;
    }

    /** Somebody in a room of that name, which the node opens if nobody has. */
    public FakeClient join(Node node, String room, String name, String... media) {
        node.directory.claim(new RoomId(room)); // Else it would be opened anywhere.
        return node.client()
                .join(
                        room,
                        name,
                        media.length == 0 ? TestSdp.dataOnly() : TestSdp.offer("abcd", "s-" + name, media),
                        JoinConfig.NONE);
    }

    /** What node one says to JSON-RPC; empty: nothing yet. */
    public Optional<JsonObject> ask(String method, String params) {
        return say("{\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    public Optional<JsonObject> say(String message) {
        CompletableFuture<Optional<String>> answer = door.answer(BOSS, message).toCompletableFuture();
        return answer.isDone() ? answer.join().map(ManagedCluster::object) : Optional.empty();
    }

    /** The same, asked before the time for it has passed. */
    public CompletableFuture<JsonObject> later(String method, String params) {
        return door.answer(BOSS, "{\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
                .thenApply(text -> object(text.orElseThrow()))
                .toCompletableFuture();
    }

    public void advance(Duration time) {
        cluster.scheduler.advance(time);
    }

    /** Its answers, and what it asks, get lost. */
    public void mute(Node node) {
        node.bus.loses = true;
    }

    public void kill(Node node) {
        node.dies();
        node.isFoundDead();
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
