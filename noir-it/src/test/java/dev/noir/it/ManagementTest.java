package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.fixture.RedisProcess;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command through every door, in a cluster over Redis, asked at a node that hosts no rooms. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ManagementTest {
    private static final String ADMIN_TOKEN = "a-token-of-the-tests-alone";
    private static final int SECONDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    static Path work;

    private static Issuer issuer;
    private static Path keys;
    private static RedisProcess redis;
    private static NoirProcess host;
    private static NoirProcess asked;
    private static NoirProcess leaving;
    private static WebRtc webRtc;
    private static int grpcPort;

    @BeforeAll
    static void start() throws Exception {
        issuer = new Issuer();
        keys = issuer.writeKeys(work.resolve("keys.json"));
        redis = RedisProcess.start().awaitReady();
        host = ClusterNode.start(
                redis,
                keys,
                "host",
                "signal,sfu",
                "-Dnoir.admin.token=" + ADMIN_TOKEN,
                "-Dnoir.recording.directory=" + work.resolve("recordings"),
                "-Dnoir.recording.free=0");
        grpcPort = Instance.freePort();
        asked = ClusterNode.start(
                redis,
                keys,
                "asked",
                "signal",
                "-Dnoir.admin.token=" + ADMIN_TOKEN,
                "-Dnoir.grpc.port=" + grpcPort,
                "-Dnoir.admin.redis=true");
        leaving = ClusterNode.start(redis, keys, "leaving", "signal", "-Dnoir.admin.token=" + ADMIN_TOKEN);
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        leaving.close();
        asked.close();
        host.close();
        redis.close();
    }

    private static String token(String user, String... roles) throws Exception {
        return issuer.token(user, Instant.now().plusSeconds(600), roles);
    }

    private static IonPeer peer(String user) throws Exception {
        return invited(user, "");
    }

    private static IonPeer invited(String user, String password) throws Exception {
        String query = "?access_token=" + token(user, "noir-user") + "&password=" + password;
        return new IonPeer(webRtc, URI.create(asked.signalling() + query));
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** What is asked through one door, in one room, and which commands that were. */
    private static final class Session {
        private final AdminDoor door;
        private final String room;
        final Set<String> commands = new TreeSet<>();

        Session(AdminDoor door, String room) {
            this.door = door;
            this.room = room;
        }

        private JsonObject ask(String method, String params) throws Exception {
            commands.add(method);
            String named = params.replace("ROOM", room).replace('\'', '"');
            return door.ask("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"" + method + "\",\"params\":" + named + "}");
        }

        JsonObject done(String method, String params) throws Exception {
            JsonObject answer = ask(method, params);
            assertTrue(answer.containsKey("result"), () -> method + ": " + answer);
            assertEquals(7, answer.getInt("id"));
            return answer.getJsonObject("result");
        }

        void refused(int code, String method, String params) throws Exception {
            JsonObject answer = ask(method, params);
            assertTrue(answer.containsKey("error"), () -> method + ": " + answer);
            assertEquals(code, answer.getJsonObject("error").getInt("code"), answer::toString);
        }
    }

    private static List<String> names(JsonArray array, String member) {
        return array.getValuesAs(JsonObject.class).stream()
                .map(one -> one.getString(member))
                .toList();
    }

    private static AdminDoor.At doors() throws Exception {
        return new AdminDoor.At(
                asked.http("admin/rpc"), grpcPort, URI.create(redis.url()).getPort());
    }

    /** One door is that of the admin token, the other of somebody with the role. */
    private static AdminDoor open(AdminDoor.Kind kind) throws Exception {
        return kind.open(doors(), kind == AdminDoor.Kind.POST ? ADMIN_TOKEN : token("eve", "noir-user", "noir-admin"));
    }

    @Order(1)
    @ParameterizedTest
    @EnumSource
    void everyCommandWorksThroughEveryDoorWhereverTheRoomIs(AdminDoor.Kind kind) throws Exception {
        try (AdminDoor door = open(kind)) {
            Session admin = new Session(door, "managed by " + kind);
            theRoomIsLaidDown(admin);
            try (IonPeer alice = peer("alice" + kind);
                    IonPeer bob = peer("bob" + kind);
                    IonPeer carol = peer("carol" + kind);
                    SyntheticMedia media = new SyntheticMedia(webRtc, "managed" + kind)) {
                alice.join(admin.room, "alice");
                bob.join(admin.room, "bob");
                carol.join(admin.room, "carol");
                aPeerIsSentToAnotherRoom(admin, carol, "carol" + kind);
                alice.publish("stream-alice", media.tracks());
                Deadline.await("10 pictures", LIMIT, () -> bob.videoFrames() >= 10);
                theRoomIsSeenAndChanged(admin);
                theRoomIsRecorded(admin);
                peersAreSeenAndModerated(admin);
                assertEquals(4008, bob.closed().get(SECONDS, TimeUnit.SECONDS));
                admin.done("rooms.close", "{'room':'ROOM','reason':'the test is over'}");
                assertEquals(4005, alice.closed().get(SECONDS, TimeUnit.SECONDS));
            }
            admin.refused(404, "rooms.get", "{'room':'ROOM'}");
            whoHasLeftIsRemembered(admin);
            JsonArray events = admin.done("events.replay", "{'room':'ROOM'}").getJsonArray("events");
            assertEquals("room.opened", events.getJsonObject(0).getString("type"));
            assertTrue(names(events, "type").containsAll(List.of("peer.joined", "peer.moved")), events::toString);
            nodesAndJobsAreReached(admin);
            assertEquals(described(), admin.commands);
        }
    }

    private static void theRoomIsLaidDown(Session admin) throws Exception {
        JsonObject room = admin.done(
                "rooms.create",
                "{'room':'ROOM','title':'Board','maxPeers':20,'maxPublishers':5,'maxAgeSeconds':3600,'reserveSeconds':0,"
                        + "'channel':false,'joinPassword':'horse','publishPassword':'','policy':'join = **'}");
        assertEquals("join = **", room.getString("policy"));
        admin.refused(-32602, "rooms.update", "{'room':'ROOM','policy':'joyn = **'}");
        assertEquals("planned", room.getString("state"));
        assertTrue(room.getBoolean("joinPassword"));
        admin.refused(409, "rooms.create", "{'room':'ROOM'}");
        assertFalse(
                admin.done("rooms.update", "{'room':'ROOM','joinPassword':''}").getBoolean("joinPassword"));
    }

    /** As ion-sdk-js can: it is closed, and joins where it was told to on a new socket, into whose room it could not come by itself. */
    private static void aPeerIsSentToAnotherRoom(Session admin, IonPeer carol, String user) throws Exception {
        admin.done("rooms.create", "{'room':'beside ROOM','joinPassword':'horse','policy':'join = board'}");
        BlockingQueue<JsonObject> moved = carol.notifications("moved");
        admin.refused(404, "peers.move", "{'room':'ROOM','uid':'nobody','to':'beside ROOM'}");
        admin.done("peers.move", "{'room':'ROOM','uid':'carol','to':'beside ROOM'}");
        assertEquals(4011, carol.closed().get(SECONDS, TimeUnit.SECONDS));
        JsonObject told = Objects.requireNonNull(moved.poll(SECONDS, TimeUnit.SECONDS));
        assertEquals("beside " + admin.room, told.getString("sid"));
        try (IonPeer uninvited = peer(user)) {
            assertThrows(ExecutionException.class, () -> uninvited.join("beside " + admin.room, "carol"));
        }
        try (IonPeer again = invited(user, told.getString("password"))) {
            again.join("beside " + admin.room, "carol");
            admin.done("peers.get", "{'room':'beside ROOM','uid':'carol'}");
        }
        admin.done("rooms.close", "{'room':'beside ROOM'}");
    }

    private static void theRoomIsSeenAndChanged(Session admin) throws Exception {
        JsonObject room = admin.done("rooms.get", "{'room':'ROOM'}");
        assertEquals("host", room.getString("node"));
        assertEquals("Board", room.getString("title"));
        assertEquals(2, room.getInt("peers"));
        assertEquals(
                21, admin.done("rooms.update", "{'room':'ROOM','maxPeers':21}").getInt("maxPeers"));
        admin.done("rooms.lock", "{'room':'ROOM'}");
        assertTrue(admin.done("rooms.get", "{'room':'ROOM'}").getBoolean("locked"));
        admin.done("rooms.unlock", "{'room':'ROOM'}");
        admin.done("rooms.lobby", "{'room':'ROOM','enabled':false}");
        JsonObject page = admin.done("rooms.list", "{'limit':10,'filter':{'prefix':'ROOM','title':'board'}}");
        assertEquals(List.of(admin.room), names(page.getJsonArray("rooms"), "room"));
        assertEquals(
                2, admin.done("rooms.count", "{'filter':{'prefix':'ROOM'}}").getInt("peers"));
        assertEquals(
                2,
                admin.done("explain", "{'room':'ROOM'}")
                        .getJsonObject("explanation")
                        .getJsonArray("peers")
                        .size());
    }

    /** By the node that hosts it, which alone has a place for that. The newest file comes first; what pictures came too late for is one of its own. */
    private static void theRoomIsRecorded(Session admin) throws Exception {
        admin.done("rooms.record", "{'room':'ROOM','enabled':true}");
        assertTrue(admin.done("rooms.get", "{'room':'ROOM'}").getBoolean("recorded"));
        Deadline.await("a file", LIMIT, () -> !recordings(admin).isEmpty());
        admin.done("rooms.record", "{'room':'ROOM','enabled':false}");
        AtomicReference<JsonArray> files = new AtomicReference<>();
        Deadline.await(() -> "the end of the files: " + files, LIMIT, () -> {
            files.set(recordings(admin));
            List<String> why = names(files.get(), "why");
            return why.lastIndexOf("stopped") == 0
                    && Set.of("stopped", "changed").containsAll(why);
        });
        assertEquals(Set.of("alice"), Set.copyOf(names(files.get(), "uid")));
        assertEquals(Set.of("host"), Set.copyOf(names(files.get(), "node")));
        assertTrue(files.get().getValuesAs(JsonObject.class).stream().allMatch(file -> file.getInt("bytes") > 0));
    }

    private static JsonArray recordings(Session admin) throws Exception {
        return admin.done("recordings.list", "{'room':'ROOM'}").getJsonArray("recordings");
    }

    private static void peersAreSeenAndModerated(Session admin) throws Exception {
        JsonObject peers = admin.done("peers.list", "{'room':'ROOM'}");
        assertEquals(List.of("alice", "bob"), names(peers.getJsonArray("peers"), "uid"));
        JsonObject alice = admin.done("peers.get", "{'room':'ROOM','uid':'alice'}");
        assertEquals(2, alice.getJsonArray("tracks").size());
        String stream = alice.getJsonArray("tracks").getJsonObject(0).getString("stream");
        admin.done("tracks.mute", "{'room':'ROOM','uid':'alice','stream':'" + stream + "','muted':true}");
        JsonArray tracks = admin.done("tracks.list", "{'room':'ROOM'}").getJsonArray("tracks");
        assertTrue(tracks.getJsonObject(0).getBoolean("muted"), tracks::toString);
        admin.done("tracks.mute", "{'room':'ROOM','uid':'alice','stream':'" + stream + "','muted':false}");
        admin.done("peers.squelch", "{'room':'ROOM','uid':'alice','kind':'video','squelched':true}");
        admin.done("peers.admit", "{'room':'ROOM','uid':'bob'}");
        admin.done("grants.set", "{'room':'ROOM','uid':'bob','grants':['subscribe']}");
        assertEquals(
                2,
                admin.done("grants.get", "{'room':'ROOM','uid':'bob'}")
                        .getJsonArray("grants")
                        .size());
        admin.refused(404, "peers.kick", "{'room':'ROOM','uid':'nobody'}");
        String ban = admin.done("peers.ban", "{'room':'ROOM','uid':'bob','seconds':60,'reason':'a test'}")
                .getString("id");
        admin.done("peers.unban", "{'room':'ROOM','id':'" + ban + "'}");
    }

    private static void whoHasLeftIsRemembered(Session admin) throws Exception {
        JsonArray past = admin.done("peers.past", "{'room':'ROOM'}").getJsonArray("peers");
        assertEquals(Set.of("alice", "bob", "carol"), Set.copyOf(names(past, "uid")));
        JsonObject timeline = admin.done("peers.timeline", "{'room':'ROOM','uid':'alice'}");
        assertTrue(timeline.containsKey("left"), timeline::toString);
        admin.refused(404, "peers.timeline", "{'room':'ROOM','uid':'nobody'}");
        JsonObject newest =
                admin.done("audit.list", "{'limit':1}").getJsonArray("audits").getJsonObject(0);
        assertEquals("rooms.close", newest.getString("command"));
        assertEquals("asked", newest.getString("node"));
    }

    private static void nodesAndJobsAreReached(Session admin) throws Exception {
        assertEquals(List.of(), names(admin.done("files.list", "{}").getJsonArray("files"), "file"));
        JsonObject nodes = admin.done("nodes.list", "{}");
        assertEquals(List.of("asked", "host", "leaving"), names(nodes.getJsonArray("nodes"), "node"));
        assertEquals("host", admin.done("nodes.get", "{'node':'host'}").getString("node"));
        assertFalse(admin.done("nodes.drain", "{'node':'leaving'}")
                .getString("state")
                .equals("up"));
        assertFalse(admin.done("nodes.state", "{'node':'leaving'}")
                .getString("state")
                .equals("up"));
        assertEquals(3, admin.done("stats", "{}").getInt("nodes"));
        assertEquals(0, admin.done("jobs.list", "{}").getJsonArray("jobs").size());
        admin.refused(404, "jobs.start", "{'kind':'fly','room':'ROOM','node':'host'}");
        admin.refused(404, "jobs.stop", "{'job':'host/1'}");
        admin.refused(404, "jobs.control", "{'job':'host/1','action':'pause'}");
    }

    /** What the file that is served tells of. */
    private static Set<String> described() throws Exception {
        HttpResponse<String> file = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(asked.http("admin/openrpc.json"))
                                .header("Authorization", "Bearer " + ADMIN_TOKEN)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, file.statusCode());
        return object(file.body()).getJsonArray("methods").getValuesAs(JsonObject.class).stream()
                .filter(method -> !method.containsKey("x-only"))
                .map(method -> method.getString("name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Order(2)
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REDIS")
    void strangersAndOrdinaryUsersAreRefused(AdminDoor.Kind kind) throws Exception {
        assertEquals(401, kind.refusal(doors(), Map.of()));
        assertEquals(401, kind.refusal(doors(), AdminDoor.bearer("another-token-of-the-tests")));
        assertEquals(403, kind.refusal(doors(), AdminDoor.bearer(token("mallory", "noir-user", "noir-moderator"))));
    }

    @Test
    @Order(2)
    void whatNobodyHasSignedWhoMayIsNotDone() throws Exception {
        int port = URI.create(redis.url()).getPort();
        String stats = "{\"id\":7,\"method\":\"stats\"}";
        try (RedisAdmin stranger = new RedisAdmin(port, "not the secret of these tests");
                RedisAdmin backend = new RedisAdmin(port, ClusterNode.SECRET)) {
            stranger.push(stranger.signed(stranger.request(stats, Instant.now())));
            backend.push(backend.request(stats, Instant.now()));
            backend.push("nothing of protobuf's".getBytes(StandardCharsets.UTF_8));
            backend.push(new byte[300_000]);
            byte[] once = backend.signed(backend.request(stats, Instant.now()));
            backend.push(once);
            assertEquals(
                    7, OriginalDoors.reply(backend.pop(SECONDS).orElseThrow()).getInt("id"));
            backend.push(once);
            assertTrue(new String(backend.pop(SECONDS).orElseThrow(), StandardCharsets.UTF_8)
                    .contains("this request has been sent before"));
            assertTrue(stranger.pop(1).isEmpty());
            assertTrue(backend.pop(1).isEmpty());
        }
    }

    @Test
    @Order(3)
    void eventsAreFollowedAtANodeThatDoesNotHostTheRoom() throws Exception {
        try (AdminDoor.Socket socket = new AdminDoor.Socket(doors().socket("ws"), AdminDoor.bearer(ADMIN_TOKEN))) {
            JsonObject answer =
                    socket.ask("{\"id\":1,\"method\":\"events.follow\",\"params\":{\"room\":\"followed\"}}");
            assertEquals(1, answer.getJsonObject("result").getInt("follow"));
            try (IonPeer alice = peer("alice")) {
                alice.join("followed", "alice");
            }
            List<String> types = heardUntil("room.closed", socket, new ArrayList<>());
            assertEquals("room.opened", types.get(0));
            assertTrue(types.containsAll(List.of("peer.joined", "peer.left")), types::toString);
        }
    }

    /** In the order of their numbers, none missing and none twice. */
    private static List<String> heardUntil(String last, AdminDoor.Socket socket, List<String> types) throws Exception {
        while (!types.contains(last)) {
            JsonObject told = socket.next();
            assertEquals("event", told.getString("method"));
            JsonObject params = told.getJsonObject("params");
            types.add(params.getJsonObject("event").getString("type"));
            assertEquals(types.size(), params.getInt("number"), told::toString);
        }
        return types;
    }

    @Test
    @Order(3)
    void theDescriptionIsNotForStrangers() throws Exception {
        assertEquals(401, asked.get("admin/openrpc.json").statusCode());
    }

    @Order(4)
    @ParameterizedTest
    @EnumSource
    void whatIsWrongHasItsCodeAndTheDoorStaysOpen(AdminDoor.Kind kind) throws Exception {
        try (AdminDoor door = open(kind)) {
            Session admin = new Session(door, "none");
            assertEquals(-32700, codeOf(door.ask("{nope")));
            assertEquals(-32600, codeOf(door.ask("[]")));
            assertEquals(-32600, codeOf(door.ask("{\"id\":1,\"method\":\"" + "x".repeat(100_000) + "\"}")));
            assertEquals(-32700, codeOf(door.ask("[".repeat(1000) + "]".repeat(1000))));
            admin.refused(-32601, "rooms.fly", "{}");
            admin.refused(-32602, "rooms.get", "{}");
            admin.refused(-32602, "rooms.get", "{'room':'ROOM','colour':'red'}");
            admin.refused(404, "rooms.get", "{'room':'ROOM'}");
            admin.refused(404, "nodes.drain", "{'node':'nobody'}");
            admin.done("stats", "{}");
        }
    }

    private static int codeOf(JsonObject answer) {
        return answer.getJsonObject("error").getInt("code");
    }

    @Test
    @Order(5)
    void everyChangeIsALineInTheLogOfWhoWasAsked() throws Exception {
        String log = asked.output();
        for (String line : new String[] {
            "somebody with the admin token from 127.0.0.1 through rpc: rooms.create room=\"managed by POST\" title=\"Board\"",
            "joinPassword=***",
            "\"eve\" from 127.0.0.1 through ws: peers.ban room=\"managed by SOCKET\" uid=\"bob\" seconds=\"60\" reason=\"a test\": done",
            "through grpc: rooms.create room=\"managed by GRPC\"",
            "through grpc-web: rooms.create room=\"managed by GRPC_WEB\"",
            "\"eve\" from 127.0.0.1 through relay: rooms.create room=\"managed by RELAY\"",
            "a program through redis: rooms.create room=\"managed by REDIS\"",
            "through ws: jobs.start kind=\"fly\" room=\"managed by SOCKET\" node=\"host\": this server knows no jobs"
        }) {
            assertTrue(log.contains(line), line + " in " + log);
        }
        assertFalse(log.contains("horse"));
        assertTrue(host.output()
                .contains("room \"managed by SOCKET\": \"eve\" through the API from 127.0.0.1: ban \"bob\""));
    }

    /** It hangs, and is found dead; whoever has asked it hears that before his own patience ends. */
    @Test
    @Order(6)
    void aHostThatIsLostIsSaidToBeSo() throws Exception {
        try (AdminDoor door = open(AdminDoor.Kind.SOCKET);
                IonPeer alice = peer("alice")) {
            Session admin = new Session(door, "lost");
            alice.join("lost", "alice");
            assertEquals("host", admin.done("rooms.get", "{'room':'ROOM'}").getString("node"));
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-STOP", Long.toString(host.pid()))
                            .start()
                            .waitFor());
            admin.refused(503, "rooms.update", "{'room':'ROOM','title':'x'}");
            host.kill();
            admin.done("stats", "{}");
        }
    }

    /** Kill -9 of the host; the next one writes on where it was, and so the follower at a third node hears it. */
    @Test
    @Order(7)
    void whoFollowsEventsGoesOnOverTheDeathOfTheRoomsHost() throws Exception {
        String token = "-Dnoir.admin.token=" + ADMIN_TOKEN;
        try (NoirProcess first = ClusterNode.start(redis, keys, "first", "signal,sfu", token);
                NoirProcess second = ClusterNode.start(redis, keys, "second", "signal,sfu", token);
                AdminDoor.Socket socket = new AdminDoor.Socket(doors().socket("ws"), AdminDoor.bearer(ADMIN_TOKEN))) {
            List<String> types = new ArrayList<>();
            try (AdminDoor door = open(AdminDoor.Kind.POST);
                    IonPeer alice = peer("alice")) {
                alice.join("inherited", "alice");
                String node = new Session(door, "inherited")
                        .done("rooms.get", "{'room':'ROOM'}")
                        .getString("node");
                socket.ask("{\"id\":1,\"method\":\"events.follow\",\"params\":{\"room\":\"inherited\"}}");
                heardUntil("peer.joined", socket, types);
                (node.equals("first") ? first : second).kill();
                heardUntil("room.moved", socket, types);
            }
            heardUntil("room.closed", socket, types);
            assertEquals(
                    List.of("room.opened", "peer.joined", "room.moved", "peer.left", "room.closed"),
                    types.stream().filter(type -> !type.equals("peer.granted")).toList());
        }
    }
}
