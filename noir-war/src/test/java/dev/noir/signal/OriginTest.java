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
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where no filter stands before the endpoint: one application is told of requests, the other not even that. */
final class OriginTest {
    @TempDir
    static Path work;

    private static final OriginPolicy POLICY = new OriginPolicy(List.of("https://good.example"));
    private static final FakeScheduler SCHEDULER = new FakeScheduler();
    private static final RoomService ROOMS = new RoomService(
            RoomOptions.DEFAULT,
            RoomLimits.DEFAULT,
            new LocalRoomDirectory("n"),
            new FakeMediaPlane(),
            new JsonApiMessages(),
            SCHEDULER,
            Runnable::run,
            new Random(1),
            TestAccess.open(SCHEDULER));
    private static final SignalServer SERVER =
            new SignalServer(SignalLimits.DEFAULT, ROOMS, SCHEDULER, Runnable::run, new Random(1));
    private static final Tomcat TOMCAT = new Tomcat();

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(work.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector();
        addApplication("/told").addApplicationListener(HandshakeHost.class.getName());
        addApplication("/blind");
        TOMCAT.start();
    }

    private static Context addApplication(String path) {
        Context context = TOMCAT.addContext(path, work.toString());
        // Without a servlet there are no filters, and WebSockets are one.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
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
        return context;
    }

    @AfterAll
    static void stop() throws LifecycleException {
        TOMCAT.stop();
        TOMCAT.destroy();
    }

    private static URI uri(String application) {
        return URI.create("ws://localhost:" + TOMCAT.getConnector().getLocalPort() + application + "/ws");
    }

    @Test
    void theHandshakeOfAForeignPageIsRefused() {
        CompletionException refused =
                assertThrows(CompletionException.class, () -> new SignalClient(uri("/told"), "https://evil.example"));

        assertEquals(
                403,
                ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode());
    }

    @Test
    void whereThatCannotBeItsSocketIsClosed() {
        SignalClient client = new SignalClient(uri("/blind"), "https://evil.example");

        assertTrue(client.awaitClose().startsWith("1008 "));
        assertEquals(0, SERVER.sockets());
    }

    @Test
    void othersAreLetIn() throws InterruptedException {
        for (String application : List.of("/told", "/blind")) {
            for (String origin : new String[] {null, "https://good.example", "http://localhost:7070"}) {
                try (SignalClient client = new SignalClient(uri(application), origin)) {
                    client.send("{\"method\":\"nope\",\"id\":1}");
                    assertEquals(-32601, client.receive().getJsonObject("error").getInt("code"));
                }
            }
        }
    }
}
