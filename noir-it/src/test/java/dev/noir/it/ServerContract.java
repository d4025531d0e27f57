package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What holds on every server, as steps that the tests put together. */
final class ServerContract {
    // Tomcat replaces the threads that have seen the application, one a second; a thread refers to the code that made
    // it.
    private static final Duration CLEAN_LIMIT = Duration.ofMinutes(2);
    // 1001: the server is going away; 1012: it restarts (IANA's registry of RFC 6455 §11.7). Some containers choose for
    // us.
    private static final Set<Integer> GOING = Set.of(1001, 1012);
    // Found in every deployment, and in no server.
    private static final String OURS = "dev.noir.signal.SignalEndpoint";

    // Names with versions, stacks, and what Broken says.
    private static final Pattern TOO_MUCH = Pattern.compile(
            "(?i)(tomcat|jetty|wildfly|undertow|payara|glassfish|grizzly|liberty|websphere|servlet|jsp|java)\\W*\\d|exception|\\bat [a-z]+\\.[a-z]|4711");

    private final AppServer server;
    private final WebRtc webRtc;
    private final ProcessState before;

    /** @param server has been started, with nothing deployed yet */
    ServerContract(AppServer server, WebRtc webRtc) throws Exception {
        this.server = server;
        this.webRtc = webRtc;
        server.awaitStarted();
        before = ProcessState.of(server.process.pid());
    }

    void pagesAnswer() throws Exception {
        for (String page : List.of("", "gallery.html", "js/gallery.js", "health/live", "health/ready")) {
            assertEquals(200, server.get(page).statusCode(), page);
        }
        assertEquals(404, server.get("WEB-INF/web.xml").statusCode());
        numbersAreToldTo("health/live", "health/ready", "health/started");
        HttpClient stranger = TrustEverybody.client();
        assertEquals(
                200,
                stranger.send(
                                java.net.http.HttpRequest.newBuilder(server.https("health/live"))
                                        .build(),
                                java.net.http.HttpResponse.BodyHandlers.discarding())
                        .statusCode());
        URI secure = URI.create(server.https("ws").toString().replace("https:", "wss:"));
        stranger.newWebSocketBuilder()
                .buildAsync(secure, new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS)
                .abort();
    }

    /** Whoever watches over the server. */
    private void numbersAreToldTo(String... healths) throws Exception {
        for (String health : healths) {
            HttpResponse<String> answer = server.get(health);
            assertEquals(200, answer.statusCode(), health);
            assertTrue(answer.body().contains("\"status\":\"UP\""), () -> health + ": " + answer.body());
        }
        HttpResponse<String> numbers = server.get("metrics");
        assertEquals(200, numbers.statusCode());
        String type = numbers.headers().firstValue("Content-Type").orElse("");
        assertTrue(type.startsWith("text/plain"), type);
        for (String name : List.of("noir_rooms", "noir_peers", "noir_join_seconds_bucket")) {
            assertTrue(numbers.body().contains("\n" + name), () -> name + " in " + numbers.body());
        }
    }

    /** What, but not why, nor by which server; Broken is a servlet that has been added to the WAR. */
    void errorsTellNothing() throws Exception {
        Map<String, Integer> wrong =
                Map.of("nothing", 404, "auth/nothing", 404, "broken", 500, "auth/logout", 405, "ws", 401);
        for (Map.Entry<String, Integer> each : wrong.entrySet()) {
            HttpResponse<String> answer = server.get(each.getKey());
            String all = answer.statusCode() + " " + answer.headers().map() + "\n" + answer.body();
            assertEquals(each.getValue(), answer.statusCode(), all);
            assertFalse(TOO_MUCH.matcher(all).find(), all);
        }
    }

    /** Whatever the path, no page of another site gets a socket; of the server's own, it does. */
    void foreignPagesAreRefused() throws Exception {
        assertEquals(403, handshake("ws", "https://evil.example"));
        assertTrue(handshake("ws/", "https://evil.example") >= 400);
        assertTrue(handshake("ws/x", "https://evil.example") >= 400);
        assertEquals(101, handshake("ws", "http://localhost"));
    }

    /** By HTTP alone somebody comes, says a word, and goes, below whatever path the application has. */
    void whipAnswers() throws Exception {
        WhipClient client = new WhipClient();
        HttpResponse<String> created =
                client.post(server.http("whip/whip%20room?name=studio"), WhipClient.offer("passive", "sendonly"));
        assertEquals(201, created.statusCode(), created.body());
        URI session = WhipClient.session(created);
        assertTrue(session.getPath().startsWith(server.http("whip/").getPath()), session.getPath());
        HttpResponse<String> seen =
                client.post(server.http("whep/whip%20room"), WhipClient.offer("actpass", "recvonly"));
        assertEquals(201, seen.statusCode(), seen.body());
        HttpResponse<String> restarted = client.patch(session, "*", WhipClient.candidates("efgh"));
        assertEquals(200, restarted.statusCode(), restarted.body());
        assertEquals(
                204,
                client.patch(session, WhipClient.tag(restarted), WhipClient.candidates("efgh"))
                        .statusCode());
        assertEquals(200, client.delete(WhipClient.session(seen)).statusCode());
        assertEquals(200, client.delete(session).statusCode());
        assertEquals(404, client.delete(session).statusCode());
        assertEquals(
                415,
                client.send("POST", server.http("whip/r"), Map.of("Content-Type", "text/plain"), "x")
                        .statusCode());
        assertEquals(
                413,
                client.post(server.http("whip/r"), "a=x\r\n".repeat(60_000)).statusCode());
        assertEquals(405, server.get("whip/r").statusCode());
    }

    /** A call, and in the middle of it noiR is taken away. */
    void undeployingEndsACall(String room) throws Exception {
        undeployingEndsACall(room, Map.of());
    }

    /** @param headers of the handshakes */
    void undeployingEndsACall(String room, Map<String, String> headers) throws Exception {
        try (Call call = new Call(webRtc, server.signalling(), room, headers)) {
            call.awaitMedia();
            server.startUndeploying();
            for (int code : call.awaitClosed()) {
                assertTrue(GOING.contains(code), "closed with " + code);
            }
        }
        server.awaitUndeployed();
    }

    /** What a server has read of a bomb it still inflates when its sender has gone, with noiR as its context. */
    void inflatingEnds() throws Exception {
        Deadline deadline = Deadline.in(CLEAN_LIMIT);
        while (server.process.jcmd("Thread.print").contains("java.util.zip.Inflater.inflate")) {
            deadline.pause("the end of the bomb");
        }
    }

    /** Of what has been deployed, but for memory that has not been collected. */
    void nothingRuns() throws Exception {
        awaitNone("threads of noiR", this::threads);
        awaitNone("ports that were not open before", this::extraPorts);
        awaitNone("processes of bots", () -> server.process.bots().toList());
        assertEquals(List.of(), server.temporaryFiles());
    }

    /** Of what has been deployed. */
    void nothingIsLeft() throws Exception {
        nothingRuns();
        try {
            awaitNone("class loaders of undeployed applications", this::extraLoaders);
        } catch (AssertionError e) {
            // Who holds them is in there.
            Path dump = server.process.log().resolveSibling(server.process.pid() + ".hprof");
            server.process.jcmd("GC.heap_dump", dump.toAbsolutePath().toString());
            throw e;
        }
        assertEquals(List.of(), server.complaints());
    }

    private static void awaitNone(String what, Callable<? extends Collection<?>> found) throws Exception {
        Deadline deadline = Deadline.in(CLEAN_LIMIT);
        for (Collection<?> left = found.call(); !left.isEmpty(); left = found.call()) {
            deadline.pause("the end of these " + what + ": " + left);
        }
    }

    /** Of UDP: noiR listens to nothing else here, while some servers start their own services with the first application. */
    private Set<Integer> extraPorts() throws IOException {
        Set<Integer> extra = new TreeSet<>(ProcessState.of(server.process.pid()).udpPorts());
        extra.removeAll(before.udpPorts());
        return extra;
    }

    /** Threads with our name, or with our code on their stack: a server's own may run it. */
    private List<String> threads() throws Exception {
        return List.of(server.process.jcmd("Thread.print").split("\n\n", -1)).stream()
                .filter(thread -> thread.startsWith("\"noir-") || thread.contains("at dev.noir."))
                .toList();
    }

    /** None as long as there are no more than the server may keep: they must not add up. */
    private List<String> extraLoaders() throws Exception {
        server.giveOtherWork();
        server.process.jcmd("GC.run");
        List<String> loaded = server.process
                .jcmd("VM.class_hierarchy", OURS)
                .lines()
                .filter(line -> line.contains(OURS))
                .toList();
        return loaded.size() <= server.loadersKept() ? List.of() : loaded;
    }

    /** The status of the answer. */
    private int handshake(String path, String origin) throws Exception {
        URI uri = URI.create("ws" + server.http(path).toString().substring("http".length()));
        try {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(uri, new WebSocket.Listener() {})
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            WebSocketHandshakeException refused =
                    assertThrows(WebSocketHandshakeException.class, () -> rethrow(e.getCause()));
            return refused.getResponse().statusCode();
        }
    }

    private static void rethrow(Throwable failure) throws Throwable {
        throw failure;
    }
}
