package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerRequests;
import dev.noir.room.Reply;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.TestAccess;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import jakarta.json.JsonObject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The endpoint in a real container, with real sockets; the media plane is faked. */
@ResourceLock("tomcat") // Two that start at once are in the way of each other's MBeans.
final class EndpointTest {
    @TempDir
    static Path work;

    private static final FakeScheduler SCHEDULER = new FakeScheduler();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final RoomService ROOMS = new RoomService(
            RoomOptions.DEFAULT,
            RoomLimits.DEFAULT,
            new LocalRoomDirectory("n"),
            new FakeMediaPlane(),
            new JsonApiMessages(),
            SCHEDULER,
            THREADS,
            new SecureRandom(),
            TestAccess.open(SCHEDULER));
    private static final TestRooms REQUESTS = new TestRooms();
    private static final SignalServer SERVER =
            new SignalServer(SignalLimits.DEFAULT, REQUESTS, SCHEDULER, THREADS, new SecureRandom(), NameRule.FREE);
    private static final OriginPolicy POLICY = new OriginPolicy(List.of("https://good.example"));
    private static final Tomcat TOMCAT = new Tomcat();

    private final URI uri = URI.create("ws://localhost:" + TOMCAT.getConnector().getLocalPort() + "/ws");

    /** Stands in for the one that asks the server: everybody is whom he says he is. */
    private static final class TestIdentity extends HttpFilter {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String name = request.getParameter("name");
            if (name != null) {
                Caller caller = new Caller(name, Set.of(), Caller.Means.CONTAINER, "");
                request.setAttribute(Visitor.ATTRIBUTE, new Visitor(caller, Password.NONE, Standing.LASTING));
            }
            chain.doFilter(request, response);
        }
    }

    /** Keeps who has joined. */
    private static final class TestRooms implements PeerRequests {
        final Map<String, String> callers = new ConcurrentHashMap<>();

        @Override
        public void join(PeerLink link, JoinRequest request, Reply reply) {
            callers.put(request.peer().value(), request.caller().principal());
            ROOMS.join(link, request, reply);
        }

        @Override
        public void offer(PeerLink link, String sdp, Reply reply) {
            ROOMS.offer(link, sdp, reply);
        }

        @Override
        public void answer(PeerLink link, String sdp, Reply reply) {
            ROOMS.answer(link, sdp, reply);
        }

        @Override
        public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {
            ROOMS.trickle(link, role, candidate, reply);
        }

        @Override
        public void moderate(PeerLink link, ModerationCommand command, Reply reply) {
            ROOMS.moderate(link, command, reply);
        }

        @Override
        public void leave(PeerLink link) {
            ROOMS.leave(link);
        }

        @Override
        public boolean isJoined(PeerLink link) {
            return ROOMS.isJoined(link);
        }
    }

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(work.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector();
        Context context = TOMCAT.addContext("", work.toString());
        // Without a servlet there are no filters, and WebSockets are one.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        addSignal(context, true, "/ws");
        addSignal(context, false, "/of-a-node-that-only-hosts/ws");
        FilterDef identity = new FilterDef();
        identity.setFilterName("identity");
        identity.setFilter(new TestIdentity());
        context.addFilterDef(identity);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("identity");
        mapping.addURLPattern("/*");
        context.addFilterMap(mapping);
        context.addServletContainerInitializer(new WsSci(), Set.of(SignalRegistration.class));
        TOMCAT.start();
    }

    private static void addSignal(Context context, boolean offered, String path) {
        SocketServlet.Parts parts = new SocketServlet.Parts(SERVER, new SocketDoor(POLICY, new Signalling(offered)));
        Tomcat.addServlet(context, "signal " + offered, new SignalServlet(() -> parts))
                .addMapping(path);
    }

    @AfterAll
    static void stop() throws LifecycleException {
        THREADS.shutdown();
        TOMCAT.stop();
        TOMCAT.destroy();
    }

    @Test
    void joinsThenLeavesByClosing() throws InterruptedException {
        SignalClient client = new SignalClient(uri, "http://localhost:7070");
        client.send(join("a"));

        JsonObject answer = client.receive();
        assertEquals(1, answer.getInt("id"));
        assertEquals("offer", client.receive("offer").getJsonObject("params").getString("type"));
        assertEquals(1, ROOMS.peers());
        client.close();
        client.awaitClose();
        awaitNoPeers();
    }

    @Test
    void foreignPagesAreRefusedWith403() {
        CompletionException refused =
                assertThrows(CompletionException.class, () -> new SignalClient(uri, "https://evil.example"));

        WebSocketHandshakeException handshake = (WebSocketHandshakeException) refused.getCause();
        assertEquals(403, handshake.getResponse().statusCode());
    }

    @Test
    void aNodeThatOnlyHostsRoomsTakesNoClients() throws Exception {
        URI hosting = URI.create(uri.toString().replace("/ws", "/of-a-node-that-only-hosts/ws"));
        CompletionException refused =
                assertThrows(CompletionException.class, () -> new SignalClient(hosting, "http://localhost:7070"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(hosting.toString().replace("ws:", "http:")))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        WebSocketHandshakeException handshake = (WebSocketHandshakeException) refused.getCause();
        assertEquals(503, handshake.getResponse().statusCode());
        assertEquals(
                "This server only hosts rooms; connect to one that takes clients.",
                response.body().strip());
    }

    @Test
    void nobodyComesInBesideTheServlet() {
        URI beside = URI.create(uri + "/socket");
        CompletionException refused =
                assertThrows(CompletionException.class, () -> new SignalClient(beside, "http://localhost:7070"));

        WebSocketHandshakeException handshake = (WebSocketHandshakeException) refused.getCause();
        assertEquals(403, handshake.getResponse().statusCode());
        assertEquals(0, ROOMS.peers());
    }

    @Test
    void whoComesWithoutAHandshakeIsToldWhatThisIs() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri.toString().replace("ws:", "http:")))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertEquals(426, response.statusCode());
        assertEquals("This address takes WebSockets only.", response.body().strip());
    }

    @Test
    void everySocketKeepsItsOwnCaller() throws InterruptedException {
        int peers = 20;
        List<SignalClient> clients = IntStream.range(0, peers)
                .parallel()
                .mapToObj(i -> new SignalClient(URI.create(uri + "?name=user" + i), null))
                .toList();
        for (int i = 0; i < peers; i++) {
            clients.get(i).send(join("own" + i)).receive();
        }
        for (int i = 0; i < peers; i++) {
            assertEquals("user" + i, REQUESTS.callers.get("own" + i));
        }
        for (SignalClient client : clients) {
            client.close();
        }
        awaitNoPeers();
    }

    @Test
    void programsAndAllowedPagesAreLetIn() {
        new SignalClient(uri, null).close();
        new SignalClient(uri, "https://good.example").close();
    }

    @Test
    void takesFragmentsUpToTheLimit() throws InterruptedException {
        try (SignalClient client = new SignalClient(uri, null)) {
            String frame = "{\"method\":\"nope\",\"id\":1,\"params\":{\"x\":\""
                    + "x".repeat(SignalLimits.DEFAULT.maxFrameChars() - 60) + "\"}}";
            for (int i = 0; i < frame.length(); i += 10_000) {
                int end = Math.min(frame.length(), i + 10_000);
                client.sendPart(frame.substring(i, end), end == frame.length());
            }
            assertEquals(-32601, client.receive().getJsonObject("error").getInt("code"));
        }
    }

    @Test
    void refusesLongerOnesWith1009() {
        SignalClient client = new SignalClient(uri, null);
        client.send("x".repeat(SignalLimits.DEFAULT.maxFrameChars() + 1));

        assertTrue(client.awaitClose().startsWith("1009 "));
    }

    @Test
    void refusesBinaryFramesWith1003() {
        SignalClient client = new SignalClient(uri, null);
        client.sendBinary();

        assertEquals("1003 text frames only", client.awaitClose());
    }

    @Test
    void tellsAReplacedClientWhy() throws InterruptedException {
        SignalClient older = new SignalClient(uri, null).send(join("b"));
        older.receive("offer");
        try (SignalClient newer = new SignalClient(uri, null)) {
            newer.send(join("b"));
            newer.receive("offer");
            JsonObject told = older.receive("closed").getJsonObject("params");

            assertEquals(4000, told.getInt("code"));
            assertEquals("4000 " + told.getString("reason"), older.awaitClose());
        }
        awaitNoPeers();
    }

    private static void awaitNoPeers() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ROOMS.peers() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(ROOMS.peers() + " peers are left");
            }
            Thread.onSpinWait();
        }
    }

    private static String join(String uid) {
        return "{\"method\":\"join\",\"params\":{\"sid\":\"s\",\"uid\":\"" + uid + "\",\"offer\":{\"sdp\":\""
                + TestSdp.dataOnly().replace("\r\n", "\\r\\n") + "\",\"type\":\"offer\"}},\"id\":1}";
    }
}
