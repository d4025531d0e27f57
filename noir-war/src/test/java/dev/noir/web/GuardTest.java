package dev.noir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Addresses;
import dev.noir.access.ForwardingHeader;
import dev.noir.access.HostRules;
import dev.noir.access.Network;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The filter and the error page on a real server, asked over a bare socket on loopback. */
@ResourceLock("tomcat") // As EndpointTest.
final class GuardTest {
    @TempDir
    static Path work;

    private static final Tomcat TOMCAT = new Tomcat();
    private static final RequestOrigin ORIGIN = new RequestOrigin(
            List.of(Network.parse("127.0.0.7")),
            ForwardingHeader.X_FORWARDED_FOR,
            List.of(Network.parse("127.0.0.0/8")));

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(work.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector();
        Context context = TOMCAT.addContext("", work.toString());
        FilterDef filter = new FilterDef();
        filter.setFilterName("guard");
        filter.setFilter(new GuardFilter(() -> new GuardFilter.Guard(new HostRules(List.of()), ORIGIN)));
        context.addFilterDef(filter);
        FilterMap map = new FilterMap();
        map.setFilterName("guard");
        map.addURLPattern("/*");
        map.setDispatcher(DispatcherType.REQUEST.name());
        map.setDispatcher(DispatcherType.ERROR.name());
        context.addFilterMap(map);
        Tomcat.addServlet(context, "error", new ErrorServlet()).addMapping("/error");
        ErrorPage page = new ErrorPage();
        page.setLocation(ErrorServlet.PATH);
        context.addErrorPage(page);
        Tomcat.addServlet(context, "test", new TestServlet()).addMapping("/test/*");
        // Without a servlet there are no filters.
        Tomcat.addServlet(context, "socket", new TestServlet()).addMapping("/ws/*");
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        TOMCAT.start();
    }

    @AfterAll
    static void stop() throws LifecycleException {
        TOMCAT.stop();
        TOMCAT.destroy();
    }

    private static final class TestServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getPathInfo()) {
                case "/throws" -> throw new IllegalStateException("secret reason");
                case "/refuses" -> response.sendError(503, "secret reason");
                default -> response.getWriter().print("inside: " + ORIGIN.isInside(request));
            }
        }
    }

    @Test
    void aPublicNameOverLoopbackIsRefused() throws IOException {
        assertTrue(get("/test/x", "Host: localhost").startsWith("HTTP/1.1 200 "));
        String refused = get("/test/x", "Host: evil.example");
        assertTrue(refused.startsWith("HTTP/1.1 421 "), refused);
        assertTrue(refused.contains("noir.allowed-hosts"), refused);
        assertFalse(refused.contains("inside:"), refused);
    }

    @Test
    void evenWhereSockets() throws IOException {
        String refused = get("/ws", "Host: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade");
        assertTrue(refused.startsWith("HTTP/1.1 421 "), refused);
    }

    @Test
    void balancersMayAskForHealthByAnyName() throws IOException {
        assertTrue(get("/health/ready", "Host: node7.internal").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void everyAnswerTellsBrowsersWhatTheyMay() throws IOException {
        for (String path : List.of("/test/x", "/test/throws", "/test/refuses", "/nothing")) {
            String answer = get(path, "Host: localhost:7070");
            assertTrue(
                    answer.contains("connect-src 'self' ws://localhost:* wss://localhost:*\r\n"), path + " " + answer);
            assertTrue(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"), path);
            assertFalse(answer.contains("Strict-Transport-Security"), path);
        }
    }

    @Test
    void anErrorTellsStrangersNothing() throws IOException {
        String thrown = get("/test/throws", "Host: localhost");
        assertTrue(thrown.startsWith("HTTP/1.1 500 "), thrown);
        assertTrue(thrown.contains("Something is wrong inside the server."), thrown);
        String refused = get("/test/refuses", "Host: localhost");
        assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
        String missing = get("/%3Cscript%3E", "Host: localhost");
        for (String answer : List.of(thrown, refused, missing, get("/error", "Host: localhost"))) {
            assertFalse(answer.contains("secret reason") || answer.contains("dev.noir"), answer);
            assertFalse(answer.contains("Tomcat") || answer.contains("<script>"), answer);
        }
    }

    @Test
    void theErrorPageIsNoPageOfItsOwn() throws IOException {
        assertTrue(get("/error", "Host: localhost").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void whoOnlyClaimsToBeAProxyIsNotInside() throws IOException {
        assertTrue(get("/test/x", "Host: localhost").endsWith("inside: true"));
        assertTrue(
                get("/test/x", "Host: localhost\r\nX-Forwarded-For: 127.0.0.1").endsWith("inside: false"));
    }

    @Test
    void behindATrustedProxyItsWordCounts() throws IOException {
        String proxied = "Host: video.example.org\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: ";
        String stranger = from("127.0.0.7", "/test/x", proxied + "203.0.113.9");
        assertTrue(stranger.startsWith("HTTP/1.1 200 ") && stranger.endsWith("inside: false"), stranger);
        assertTrue(stranger.contains("\r\nStrict-Transport-Security: max-age="), stranger);
        assertTrue(stranger.contains("wss://video.example.org:*"), stranger);
        assertTrue(from("127.0.0.7", "/test/x", proxied + "127.0.0.9").endsWith("inside: true"));
    }

    private static String get(String path, String headers) throws IOException {
        return from("127.0.0.1", path, headers);
    }

    private static String from(String address, String path, String headers) throws IOException {
        InetAddress loopback = Addresses.literal("127.0.0.1").orElseThrow();
        int port = TOMCAT.getConnector().getLocalPort();
        try (Socket socket =
                new Socket(loopback, port, Addresses.literal(address).orElseThrow(), 0)) {
            String request = "GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(30_000);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // Tomcat sends bodies in chunks: one here.
            return answer.replaceAll("\r\n[0-9a-f]+\r\n(inside: \\w+)\r\n0\r\n\r\n", "\r\n\r\n$1");
        }
    }

    @Test
    void namesThatCouldBreakOutOfAHeaderAreLeftOut() {
        assertEquals(
                SecurityHeaders.of(null, false),
                SecurityHeaders.of("x; script-src *", false),
                "nothing of it is in the policy");
    }
}
