package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code java -jar noir.war} as its user meets it. */
final class LauncherTest {
    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(60);

    @Test
    void servesPagesAndHealthAndStopsOnSigterm() throws Exception {
        NoirProcess noir = NoirProcess.start();
        try (noir) {
            HttpResponse<String> live = noir.get("health/live");
            assertEquals(200, live.statusCode());
            assertTrue(live.body().contains("\"status\":\"UP\""), live.body());
            HttpResponse<String> page = noir.get("");
            assertEquals(200, page.statusCode());
            assertEquals(
                    "text/html",
                    page.headers().firstValue("Content-Type").orElse("").split(";", -1)[0]);
            assertEquals(403, noir.get("dev/noir/boot/launch/Main.class").statusCode());
            assertEquals(404, noir.get("WEB-INF/web.xml").statusCode());
            // 128 + SIGTERM.
            assertEquals(143, noir.stop());
        }
        assertTrue(noir.output().contains("noiR has stopped"), noir.output());
        assertFalse(noir.output().contains("SEVERE"), noir.output());
        assertEquals(0, temporaryFilesOf(noir.pid()));
    }

    @Test
    void thePortForManagementServesNothingElse() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (NoirProcess noir =
                NoirProcess.start("-Dnoir.http.ports=0," + port + ",0", "-Dnoir.http.management.port=" + port)) {
            assertTrue(noir.output().contains("management  http://localhost:" + port + "/admin/"), noir.output());
            URI management = URI.create("http://localhost:" + port + "/");
            assertEquals(200, statusOf(management.resolve("health/live")));
            assertEquals(403, statusOf(management.resolve("admin/drain")));
            for (String path : new String[] {"", "gallery.html", "ws", "admin/../gallery.html"}) {
                assertEquals(404, statusOf(management.resolve("/" + path)), path);
            }
            assertEquals(200, noir.get("gallery.html").statusCode());
        }
    }

    private static int statusOf(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Twice as many as it may have sockets. */
    @Test
    void healthAnswersWhenAnAddressHasAllItsConnections() throws Exception {
        List<Socket> taken = new ArrayList<>();
        try (NoirProcess noir =
                NoirProcess.start("-Dnoir.http.health.port=0", "-Dnoir.limits.sockets-per-address=20")) {
            // Silent connections are closed after some seconds, which a busy machine may need to open all of them.
            Deadline.await("a refusal", REFUSAL_LIMIT, () -> {
                for (int i = 0; i < 2 * 20; i++) {
                    connect(noir).ifPresent(taken::add);
                }
                return isRefused(noir);
            });
            assertEquals(200, noir.getHealth("health/live"));
            assertEquals(404, noir.getHealth("index.html"));
        } finally {
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }

    private static boolean isRefused(NoirProcess noir) throws InterruptedException {
        try {
            noir.get("health/live");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Some of those that are refused are so before they are open. */
    private static Optional<Socket> connect(NoirProcess noir) {
        try {
            return Optional.of(new Socket("localhost", noir.http("").getPort()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Test
    void saysWhichPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                NoirProcess noir = NoirProcess.launch("-Dnoir.http.ports=" + taken.getLocalPort())) {
            assertEquals(1, noir.awaitExit());
            assertTrue(
                    noir.output().contains("HTTP port " + taken.getLocalPort() + " cannot be opened"), noir.output());
        }
    }

    @Test
    void saysWhichSettingIsWrong() throws Exception {
        try (NoirProcess noir = NoirProcess.launch("-Dnoir.media.port=many")) {
            assertEquals(1, noir.awaitExit());
            assertTrue(noir.output().contains("noir.media.port: 'many' is not a whole number"), noir.output());
        }
    }

    @Test
    void readsSettingsFromAFile() throws Exception {
        Path file = Files.createTempFile("noir-it", ".properties");
        try {
            Files.writeString(file, "noir.room.max-peers=7\n");
            try (NoirProcess noir = NoirProcess.start("--config", file.toString())) {
                assertTrue(noir.output().contains("noir.room.max-peers=7"), noir.output());
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void printsHelp() throws Exception {
        try (NoirProcess noir = NoirProcess.launch("--help")) {
            assertEquals(0, noir.awaitExit());
            assertTrue(noir.output().startsWith("Usage: java -jar noir.war"), noir.output());
        }
    }

    private static long temporaryFilesOf(long pid) throws Exception {
        try (Stream<Path> files = Files.list(JavaProcess.temporaryFiles())) {
            return files.filter(file -> file.getFileName().toString().startsWith("noir-" + pid + "-"))
                    .count();
        }
    }
}
