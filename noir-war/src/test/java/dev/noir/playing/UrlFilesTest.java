package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.noir.room.FakeScheduler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a web server, which may be anything but polite. */
final class UrlFilesTest {
    private static final byte[] FILM = IvfFileTest.file(20);
    private static final int MAX_BYTES = 2 * FILM.length;
    private static final String HOST = "films.example";

    private final FakeScheduler scheduler = new FakeScheduler();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/films/a.ivf", exchange -> answer(exchange, 200, FILM));
        server.createContext("/films/none.ivf", exchange -> answer(exchange, 404, new byte[0]));
        server.createContext(
                "/films/page.html",
                exchange -> answer(exchange, 200, "<html>".repeat(9).getBytes(StandardCharsets.UTF_8)));
        server.createContext("/films/moved.ivf", exchange -> redirect(exchange, "a.ivf"));
        server.createContext("/films/out.ivf", exchange -> redirect(exchange, "/secrets/a.ivf"));
        server.createContext("/films/away.ivf", exchange -> redirect(exchange, "http://other.example/films/a.ivf"));
        server.createContext("/films/round.ivf", exchange -> redirect(exchange, "round.ivf"));
        server.createContext("/films/file.ivf", exchange -> redirect(exchange, "file:///etc/passwd"));
        server.createContext("/films/large.ivf", exchange -> answer(exchange, 200, new byte[MAX_BYTES + 1]));
        server.createContext("/secrets/", exchange -> answer(exchange, 200, FILM));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        answer(exchange, 302, new byte[0]);
    }

    private String url(String path) {
        return "http://" + HOST + ":" + server.getAddress().getPort() + path;
    }

    private UrlFiles files(int port, boolean privately, String... addresses) {
        return new UrlFiles(
                new UrlRules(List.of(URI.create("http://" + HOST + ":" + port + "/films/")), privately),
                MAX_BYTES,
                host -> {
                    if (addresses.length == 0) {
                        throw new UnknownHostException(host);
                    }
                    InetAddress[] found = new InetAddress[addresses.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.getByName(addresses[i]);
                    }
                    return found;
                },
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                scheduler);
    }

    private UrlFiles files() {
        return files(server.getAddress().getPort(), true, "127.0.0.1");
    }

    private static String refused(UrlFiles files, String url) {
        return String.valueOf(
                assertThrows(MediaFileException.class, () -> files.open(url)).getMessage());
    }

    static int frames(FrameSource source) throws IOException {
        int frames = 0;
        while (source.next() != null) {
            frames++;
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/films/a.ivf", "/films/a.ivf?token=1", "/films/moved.ivf"})
    void whatIsListedIsPlayed(String path) throws IOException {
        try (FrameSource source = files().open(url(path))) {
            assertEquals(20, frames(source));
            source.seek(Duration.ZERO);
            assertNotNull(source.next());
        }
        assertEquals(0, scheduler.pending(), "no time limit is left");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secrets/a.ivf",
                "/filmsa.ivf",
                "/films/../secrets/a.ivf",
                "/films/%2e%2E/secrets/a.ivf",
                "/films/..%2fsecrets/a.ivf",
                "/films/out.ivf",
                "/films/away.ivf",
                "/films/file.ivf",
            })
    void whatIsNotListedIsNot(String path) {
        String words = refused(files(), url(path));
        assertTrue(words.contains("below none that are listed"), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://films.example:PORT/films/a.ivf",
                "http://other.example:PORT/films/a.ivf",
                "http://films.example/films/a.ivf",
                "http://anna@films.example:PORT/films/a.ivf",
                "file:///films/a.ivf",
                "ftp://films.example:PORT/films/a.ivf",
            })
    void norAnotherSchemeHostPortOrUser(String url) {
        String words =
                refused(files(), url.replace("PORT", "" + server.getAddress().getPort()));
        assertTrue(words.contains("below none that are listed"), words);
    }

    @Test
    void whatIsNoUrlIsSaid() {
        assertEquals("http://films example/ is no URL", refused(files(), "http://films example/"));
    }

    @ParameterizedTest
    @CsvSource({
        "/films/none.ivf, the answer is 404",
        "/films/page.html, 'the file is none of WebM, Matroska, MP4, IVF and Ogg'",
        "/films/round.ivf, it is redirected too often",
        "/films/large.ivf, 'there is no room for it: all files that are fetched may take 0 MiB together'",
    })
    void whatCannotBePlayedIsSaid(String path, String words) throws IOException {
        UrlFiles files = files();
        assertEquals(words, refused(files, url(path)));
        files.open(url("/films/a.ivf")).close();
    }

    @Test
    void ourOwnNetworkIsOutOfReach() {
        String words =
                refused(files(server.getAddress().getPort(), false, "203.0.113.5", "127.0.0.1"), url("/films/a.ivf"));
        assertEquals("this server plays from public addresses alone, and films.example is at 127.0.0.1", words);
        assertEquals(
                "the host films.example is not known",
                refused(files(server.getAddress().getPort(), true), url("/films/a.ivf")));
    }

    @Test
    void allFilesTogetherHaveTheRoomThatThereIs() throws IOException {
        UrlFiles files = files();
        FrameSource one = files.open(url("/films/a.ivf"));
        FrameSource other = files.open(url("/films/a.ivf"));
        assertTrue(refused(files, url("/films/a.ivf")).startsWith("there is no room for it"));

        one.close();
        one.close();
        files.open(url("/films/a.ivf")).close();
        assertEquals(20, frames(other));
        other.close();
    }

    /** What somebody answers who does not speak as he should. */
    private String answered(String answer, boolean closes) throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
                try (Socket client = rude.accept()) {
                    readRequest(client.getInputStream());
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    if (!closes) {
                        while (client.getInputStream().read() >= 0) {}
                    }
                } catch (IOException e) {
                    assertTrue(!closes, "it may end as it likes: " + e);
                }
            });
            UrlFiles files = files(rude.getLocalPort(), true, "127.0.0.1");
            String words = refused(files, "http://" + HOST + ":" + rude.getLocalPort() + "/films/a.ivf");
            done.join();
            return words;
        }
    }

    private static void readRequest(InputStream from) throws IOException {
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("\r\n\r\n")) {
            request.append((char) from.read());
        }
        assertTrue(
                request.toString().startsWith("GET /films/a.ivf HTTP/1.0\r\nHost: " + HOST + ":"), request::toString);
    }

    @Test
    void whatIsNoAnswerOfHttpIsSaid() throws IOException {
        assertEquals("what answers there does not speak HTTP", answered("SSH-2.0-OpenSSH_9.2\r\n", false));
        assertEquals(
                "the answer has a header that is too long",
                answered("HTTP/1.0 200 OK\r\nA: " + "a".repeat(9000), false));
        assertEquals(
                "the answer has too many headers", answered("HTTP/1.0 200 OK\r\n" + "A: a\r\n".repeat(101), false));
        assertEquals(
                "the answer has a length that is none",
                answered("HTTP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n", false));
        assertEquals(
                "the answer is encoded in a way that was not asked for",
                answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false));
        assertEquals("it is redirected to nowhere", answered("HTTP/1.0 302 Found\r\n\r\n", false));
    }

    @Test
    void whatEndsTooEarlyIsSaid() throws IOException {
        assertEquals(
                "the answer ends after 4 of 9 bytes",
                answered("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nDKIF", true));
        assertTrue(answered("HTTP/1.0 200", true).contains("the answer ends before its c"));
    }

    @Test
    void whoeverIsTooSlowIsLeftAlone() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> asked = CompletableFuture.runAsync(() -> {
                try (Socket client = silent.accept()) {
                    readRequest(client.getInputStream());
                    scheduler.advance(UrlFiles.LIMIT);
                    while (client.getInputStream().read() >= 0) {}
                } catch (IOException e) {
                    assertNotNull(e.getMessage(), "the other side has hung up");
                }
            });
            UrlFiles files = files(silent.getLocalPort(), true, "127.0.0.1");
            String words = refused(files, "http://" + HOST + ":" + silent.getLocalPort() + "/films/a.ivf");
            asked.join();
            assertTrue(words.startsWith("films.example cannot be asked, or not to the end"), words);
        }
    }
}
