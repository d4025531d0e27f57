package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What holds on every server where everybody has to log in, with the two users of the realm that {@code config/} sets up: alice
 * moderates, bob does not. In the room "stage" only moderators may publish, in the room "parliament" everybody moderates.
 */
final class LoginContract {
    static final Map<String, String> BOB = Handshake.basic("bob", "change-me-bob");

    static final String PARLIAMENT = "parliament";

    private static final String ADMIN_TOKEN = "a-token-of-the-tests-alone";
    private static final String STAGE = "stage";
    private static final String HALL = "hall";
    private static final String POLICY = "[" + STAGE + "]\npublish = noir-moderator\n[" + PARLIAMENT
            + "]\nmoderate = **\n[" + AppServer.CHOIR + "]\njoin = " + AppServer.CHOIR + "\n";
    private static final String BROKEN =
            """
            @jakarta.servlet.annotation.WebServlet("/broken")
            public class Broken extends jakarta.servlet.http.HttpServlet {
                private static final long serialVersionUID = 1L;
                protected void doGet(jakarta.servlet.http.HttpServletRequest in, jakarta.servlet.http.HttpServletResponse out) {
                    throw new IllegalStateException("secret-4711");
                }
            }
            """;
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(30);
    private static final int SECONDS = 20;
    // Enough that what had been on its way before the first of them has arrived long since.
    private static final int UNTIL_QUIET = 20;
    private static final int QUIET = 50;

    private final AppServer server;
    private final WebRtc webRtc;
    private final Metric refused;
    private final Metric squelched;

    LoginContract(AppServer server, WebRtc webRtc) {
        this.server = server;
        this.webRtc = webRtc;
        refused = new Metric(() -> server.get("metrics"), Metric.REFUSED);
        squelched = new Metric(() -> server.get("metrics"), Metric.SQUELCHED);
    }

    /**
     * The WAR with a jar of settings that says who has to log in, and where bots are: a server that is running already cannot be told
     * otherwise.
     */
    static Path war(AppServer server, Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy"), POLICY);
        return ExtendedWar.configured(
                folder,
                BROKEN,
                Map.of(
                        "noir.auth.mode",
                        "required",
                        "noir.access.policy",
                        policy.toString(),
                        "noir.admin.token",
                        ADMIN_TOKEN,
                        "noir.bots.jar",
                        BotProcess.jar(),
                        "noir.bots.url",
                        server.signalling().toString()));
    }

    /** Through every door that is at an address of the server's, and nobody else. */
    void administratorsGiveCommands() throws Exception {
        AdminDoor.At doors = new AdminDoor.At(server.http("admin/rpc"), 0, 0);
        for (AdminDoor.Kind kind : List.of(AdminDoor.Kind.POST, AdminDoor.Kind.SOCKET, AdminDoor.Kind.RELAY)) {
            assertEquals(401, kind.refusal(doors, Map.of()), kind::name);
            assertEquals(403, kind.refusal(doors, BOB), kind::name);
            takesCommands(kind, doors);
        }
        // Who comes without a token is nobody there, whoever he is to the server: it is asked when the socket has been
        // opened.
        assertEquals(401, AdminDoor.Kind.GRPC_WEB.refusal(doors, Map.of()));
        assertEquals(401, AdminDoor.Kind.GRPC_WEB.refusal(doors, AdminDoor.bearer("another-token-of-the-tests")));
        takesCommands(AdminDoor.Kind.GRPC_WEB, doors);
    }

    private static void takesCommands(AdminDoor.Kind kind, AdminDoor.At doors) throws Exception {
        try (AdminDoor door = kind.open(doors, ADMIN_TOKEN)) {
            String said = door.ask("{\"id\":1,\"method\":\"fly\"}").toString()
                    + door.ask("{\"id\":2,\"method\":\"" + "x".repeat(100_000) + "\"}")
                    + door.ask("{\"id\":3,\"method\":\"rooms.create\",\"params\":{\"room\":\"by " + kind + "\"}}")
                    + door.ask("{\"id\":4,\"method\":\"rooms.list\"}");
            for (String part : new String[] {"-32601", "-32600", "\"planned\"", "\"room\":\"by " + kind}) {
                assertTrue(said.contains(part), said);
            }
        }
    }

    /** By the server's own door, from a process of the server's; it is there until noiR is taken away. */
    void aBotComesIn() throws Exception {
        AdminDoor.At doors = new AdminDoor.At(server.http("admin/rpc"), 0, 0);
        try (AdminDoor door = AdminDoor.Kind.POST.open(doors, ADMIN_TOKEN)) {
            String started = door.ask(
                            """
                            {"id":1,"method":"jobs.start","params":{"kind":"Bot","room":"bots",
                             "options":{"bot":"echo","name":"echo"}}}""")
                    .toString();
            assertTrue(started.contains("\"job\""), started);
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            String list = "{\"id\":2,\"method\":\"jobs.list\"}";
            for (String jobs = door.ask(list).toString();
                    !jobs.contains("\"running\"");
                    jobs = door.ask(list).toString()) {
                deadline.pause("a bot in its room, not " + jobs);
            }
        }
        assertEquals(1, server.process.bots().count());
    }

    void nobodyComesInUnknown() throws Exception {
        assertEquals(401, status(Map.of()));
        assertEquals(401, status(Handshake.basic("bob", "nonsense")));
        assertEquals(401, status(Handshake.basic("eve", "change-me-bob")));
        assertEquals(101, status(BOB));
        Browser browser = new Browser(server);
        HttpResponse<String> page = browser.login("gallery.html?room=a%20b", "bob", "nonsense");
        assertTrue(page.body().contains("User name or password is wrong."), page.body());
        assertTrue(browser.get("auth/me").body().contains("\"principal\":null"));
        assertEquals(401, status(browser.handshake()));
        HttpResponse<String> back = new Browser(server).login("gallery.html?room=a%20b", "bob", "change-me-bob");
        assertEquals(server.http("gallery.html?room=a%20b"), back.uri());
    }

    /** Also of those that only a policy names. */
    void rolesAreTheServers() throws Exception {
        Browser browser = new Browser(server);
        browser.login("gallery.html", "bob", "change-me-bob");
        String roles = server.knowsEveryRole() ? "[\"choir\",\"noir-user\"]" : "[\"noir-user\"]";
        String me = browser.get("auth/me").body();
        assertTrue(me.contains("\"roles\":" + roles), me);
    }

    /** He is told why, and what he sends nevertheless reaches nobody. */
    void whoMayNotPublishIsNotForwarded() throws Exception {
        try (IonPeer alice = peer(alice().handshake());
                IonPeer bob = peer(BOB);
                SyntheticMedia alices = new SyntheticMedia(webRtc, "alice");
                SyntheticMedia bobs = new SyntheticMedia(webRtc, "bob")) {
            BlockingQueue<JsonObject> refusals = bob.notifications("refused");
            alice.join(STAGE, "alice");
            bob.join(STAGE, "bob");
            alice.publish("stream-alice", alices.tracks());
            awaitPictures(bob);
            double before = refused.value();
            bob.publishAnyway("stream-bob", bobs.tracks());

            Set<String> kinds = new TreeSet<>();
            for (int i = 0; i < 2; i++) {
                JsonObject refusal = refusals.poll(SECONDS, TimeUnit.SECONDS);
                assertFalse(refusal.getString("reason").isBlank(), refusal.toString());
                kinds.add(refusal.getString("kind"));
            }
            assertEquals(Set.of("audio", "video"), kinds);
            refused.await(before + QUIET);
            assertEquals(0, alice.packetsReceived());
            assertEquals(0, alice.remoteTracks());
        }
    }

    /** Squelched, kicked, and before a locked door; then the moderator herself logs out in the middle of the call. */
    void moderatorsAreObeyed() throws Exception {
        Browser browser = alice();
        try (IonPeer alice = peer(browser.handshake());
                SyntheticMedia alices = new SyntheticMedia(webRtc, "alice");
                SyntheticMedia bobs = new SyntheticMedia(webRtc, "bob")) {
            alice.join(HALL, "alice");
            alice.publish("stream-alice", alices.tracks());
            try (IonPeer bob = peer(BOB)) {
                BlockingQueue<JsonObject> told = bob.notifications("squelched");
                bob.join(HALL, "bob");
                bob.publish("stream-bob", bobs.tracks());
                awaitPictures(alice);
                squelched(alice, told);
                mayNotModerate(bob);
                alice.call("kick", with("uid", "bob").build());
                assertEquals(4007, bob.closed().get(SECONDS, TimeUnit.SECONDS));
            }
            alice.call("lock", Json.createObjectBuilder().add("locked", true).build());
            try (IonPeer bob = peer(BOB)) {
                assertRefused(423, () -> bob.join(HALL, "bob"));
                alice.call(
                        "lock", Json.createObjectBuilder().add("locked", false).build());
                bob.join(HALL, "bob");
                awaitPictures(bob);
                loggingOutEndsMedia(browser, alice, bob);
            }
        }
    }

    private void squelched(IonPeer alice, BlockingQueue<JsonObject> told) throws Exception {
        double before = squelched.value();
        alice.call("squelch", with("uid", "bob").build());
        JsonObject notification = told.poll(SECONDS, TimeUnit.SECONDS);
        assertTrue(notification.getBoolean("squelched"), notification.toString());
        squelched.await(before + UNTIL_QUIET);
        long seen = alice.packetsReceived();
        squelched.await(before + UNTIL_QUIET + QUIET);
        assertEquals(seen, alice.packetsReceived());
        alice.call("unsquelch", with("uid", "bob").build());
        Deadline.await("packets again", MEDIA_LIMIT, () -> alice.packetsReceived() > seen + QUIET);
    }

    private static void mayNotModerate(IonPeer bob) {
        for (String method : Set.of("squelch", "kick")) {
            assertRefused(403, () -> bob.call(method, with("uid", "alice").build()));
        }
        assertRefused(
                403,
                () -> bob.call(
                        "lock", Json.createObjectBuilder().add("locked", true).build()));
    }

    /** Whoever goes on sending: she has sent many packets more, and none has arrived. */
    private static void loggingOutEndsMedia(Browser browser, IonPeer alice, IonPeer bob) throws Exception {
        browser.post("auth/logout", "");
        assertEquals(4009, alice.closed().get(SECONDS, TimeUnit.SECONDS));
        long sent = alice.packetsSent();
        Deadline.await("packets that follow", MEDIA_LIMIT, () -> alice.packetsSent() > sent + UNTIL_QUIET);
        long seen = bob.packetsReceived();
        Deadline.await("more packets", MEDIA_LIMIT, () -> alice.packetsSent() > sent + UNTIL_QUIET + QUIET);
        assertEquals(seen, bob.packetsReceived());
        assertFalse(bob.closed().isDone(), "bob's goes on");
    }

    private Browser alice() throws Exception {
        Browser browser = new Browser(server);
        browser.login("gallery.html", "alice", "change-me-alice");
        return browser;
    }

    private IonPeer peer(Map<String, String> headers) {
        return new IonPeer(webRtc, server.signalling(), headers);
    }

    private int status(Map<String, String> headers) {
        return Handshake.status(server.signalling(), headers);
    }

    private static jakarta.json.JsonObjectBuilder with(String name, String value) {
        return Json.createObjectBuilder().add(name, value);
    }

    private static void assertRefused(int code, org.junit.jupiter.api.function.Executable call) {
        ExecutionException refused = assertThrows(ExecutionException.class, call);
        String error = String.valueOf(refused.getMessage());
        assertTrue(error.contains("\"code\":" + code), error);
    }

    private static void awaitPictures(IonPeer peer) throws Exception {
        Deadline.await("10 pictures", MEDIA_LIMIT, () -> peer.videoFrames() >= 10);
    }
}
