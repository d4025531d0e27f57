package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.TestAccess;
import dev.noir.room.TestSdp;
import jakarta.json.JsonObject;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

/** The endpoint in a real container, with real sockets; the media plane is faked. */
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
    private static final SignalServer SERVER =
            new SignalServer(SignalLimits.DEFAULT, ROOMS, SCHEDULER, THREADS, new SecureRandom());
    private static final OriginPolicy POLICY = new OriginPolicy(List.of("https://good.example"));
    private static final Tomcat TOMCAT = new Tomcat();

    private final URI uri = URI.create("ws://localhost:" + TOMCAT.getConnector().getLocalPort() + "/ws");

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(work.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector();
        Context context = TOMCAT.addContext("", work.toString());
        // Without a servlet there are no filters, and WebSockets are one.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        FilterDef origin = new FilterDef();
        origin.setFilterName("origin");
        origin.setFilter(new OriginFilter(() -> POLICY));
        context.addFilterDef(origin);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("origin");
        mapping.addURLPattern("/ws");
        context.addFilterMap(mapping);
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, application) -> {
                    try {
                        ((ServerContainer) application.getAttribute(ServerContainer.class.getName()))
                                .addEndpoint(ServerEndpointConfig.Builder.create(SignalEndpoint.class, "/ws")
                                        .configurator(new SignalConfigurator(() -> SERVER, () -> POLICY))
                                        .build());
                    } catch (DeploymentException e) {
                        throw new IllegalStateException(e);
                    }
                },
                null);
        TOMCAT.start();
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
