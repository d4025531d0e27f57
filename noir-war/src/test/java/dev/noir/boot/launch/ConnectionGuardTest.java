package dev.noir.boot.launch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.catalina.LifecycleException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Strangers' connections to the Tomcat inside the WAR, by sockets. All of 127.0.0.0/8 are addresses of this machine. */
@ResourceLock("tomcat") // Two that start at once are in the way of each other's MBeans.
final class ConnectionGuardTest {
    private static final String ATTACKER = "127.0.0.66";
    private static final String NEIGHBOUR = "127.0.0.1";
    private static final String PROXY = "127.0.0.88";

    private static final int SHARE = 10;
    private static final int REQUESTS = 3;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String PAGE = "GET /page.txt HTTP/1.1\r\nHost: localhost\r\n";
    private static final String SLOW_BODY =
            "POST /page.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n";

    @TempDir
    static Path work;

    private static EmbeddedTomcat server;
    private static int port;
    private static int healthPort;

    private final List<Socket> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        server = server(work, new ConnectionLimits(200, 20, REQUESTS, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        List<Integer> ports = server.call();
        port = ports.get(0);
        healthPort = ports.get(1);
    }

    private static EmbeddedTomcat server(Path folder, ConnectionLimits limits) throws IOException {
        Path health = Files.createDirectories(folder.resolve("pages/health"));
        Files.writeString(health.resolve("live"), "UP");
        Files.writeString(health.resolveSibling("page.txt"), "a page");
        return new EmbeddedTomcat(
                folder.resolve("pages"),
                Files.createDirectories(folder.resolve("tomcat")),
                List.of(0),
                OptionalInt.of(0),
                SHARE,
                List.of(PROXY + "/32"),
                limits);
    }

    @AfterAll
    static void stop() throws LifecycleException {
        server.close();
    }

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Test
    void nobodyTakesAllConnections() throws Exception {
        List<Socket> taken = new ArrayList<>();
        for (int i = 0; i < SHARE; i++) {
            taken.add(served(connect(ATTACKER, port)));
        }
        for (int i = 0; i < SHARE; i++) {
            assertTrue(isRefused());
        }
        served(connect(NEIGHBOUR, port));

        taken.get(0).close(); // What is given back can be taken again, once the server has seen it.
        while (isRefused()) {
            Thread.onSpinWait();
        }
    }

    private boolean isRefused() throws IOException {
        try {
            return answer(connect(ATTACKER, port), PAGE + "\r\n").isEmpty();
        } catch (SocketException e) { // Reset while it still thinks that it connects.
            return true;
        }
    }

    @Test
    void whatProxiesSendIsNotOneAddress() throws Exception {
        for (int i = 0; i < 3 * SHARE; i++) {
            served(connect(PROXY, port));
        }
    }

    @Test
    void halfARequestEnds() throws Exception {
        Socket half = connect(NEIGHBOUR, port);
        send(half, PAGE);
        assertEnds(half);
        assertEnds(connect(NEIGHBOUR, port));
    }

    /** Each line of it comes long before a time-out that begins anew with every octet. */
    @Test
    void whoDripsHeadersIsClosed() throws Exception {
        Socket slow = connect(NEIGHBOUR, port);
        served(slow); // Also with the second request.
        send(slow, PAGE);
        int sent = drip(slow, "X: y\r\n");
        assertTrue(sent < 50, "closed before the limit of headers, after " + sent);
    }

    @Test
    void tooManyHeadersAreRefused() throws Exception {
        String answer = answer(connect(NEIGHBOUR, port), PAGE + "X: y\r\n".repeat(64) + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    }

    @Test
    void whoDripsABodyIsClosed() throws Exception {
        Socket slow = connect(NEIGHBOUR, port);
        send(slow, SLOW_BODY);
        int sent = drip(slow, "x");
        assertTrue(sent < 100, "closed before all of the body, after " + sent);
    }

    /** What nobody reads of a body is waited for by a thread; and those are shared, too. */
    @Test
    void nobodyTakesAllThreads(@TempDir Path own) throws Exception {
        Duration forEver = Duration.ofMinutes(10);
        EmbeddedTomcat patient = server(own, new ConnectionLimits(200, 8, REQUESTS, forEver, forEver));
        try (patient) {
            int itsPort = patient.call().get(0);
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < SHARE; i++) {
                slow.add(connect(ATTACKER, itsPort));
                send(slow.get(i), SLOW_BODY);
            }
            while (answered(slow) < REQUESTS) {
                Thread.onSpinWait();
            }
            served(connect(NEIGHBOUR, itsPort));
            assertEquals(REQUESTS, answered(slow));
            slow.get(0).close(); // Nor is anybody forgotten who waits.
            slow.get(1).close();
            slow.get(2).close();
            while (answered(slow.subList(REQUESTS, SHARE)) < REQUESTS) {
                Thread.onSpinWait();
            }
        }
    }

    private static int answered(List<Socket> sockets) throws IOException {
        int answered = 0;
        for (Socket socket : sockets) {
            answered += !socket.isClosed() && socket.getInputStream().available() > 0 ? 1 : 0;
        }
        return answered;
    }

    @Test
    void healthHasAPortOfItsOwn() throws Exception {
        for (int i = 0; i < SHARE; i++) {
            connect(ATTACKER, port);
        }
        assertTrue(answer(connect(ATTACKER, healthPort), "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
        for (String path : List.of("/page.txt", "/", "/health/../page.txt", "/health/%2e%2e/page.txt", "/ws")) {
            String answer =
                    answer(connect(NEIGHBOUR, healthPort), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 404"), path + ": " + answer);
        }
    }

    private Socket connect(String from, int to) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to), PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static Socket served(Socket socket) throws IOException {
        String answer = answer(socket, PAGE + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200") && answer.endsWith("a page"), answer);
        return socket;
    }

    /** What comes at once; nothing if the connection ends. */
    private static String answer(Socket socket, String request) throws IOException {
        try {
            send(socket, request);
            byte[] bytes = new byte[4096];
            int n = socket.getInputStream().read(bytes);
            return n < 0 ? "" : new String(bytes, 0, n, US_ASCII);
        } catch (SocketException e) {
            return "";
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertEquals(-1, socket.getInputStream().read());
        } catch (SocketException e) { // A reset is an end, too.
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.getMessage());
        }
    }

    /** Sends a piece whenever nothing has come for a while, until the server ends it; how many. */
    private static int drip(Socket socket, String piece) throws IOException {
        socket.setSoTimeout(100);
        for (int sent = 0; ; ) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return sent;
                }
            } catch (SocketTimeoutException e) {
                send(socket, piece);
                sent++;
            } catch (SocketException e) {
                return sent;
            }
        }
    }
}
