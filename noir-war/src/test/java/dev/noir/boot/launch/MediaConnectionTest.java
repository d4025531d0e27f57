package dev.noir.boot.launch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.media.AudioSettings;
import dev.noir.sfu.MediaPlaneConfig;
import dev.noir.sfu.NativeMediaPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Media beside pages, on one port of the Tomcat inside the WAR. */
@ResourceLock("tomcat") // Two that start at once are in the way of each other's MBeans.
final class MediaConnectionTest {
    private static final int SHARE = 4;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int A_WHILE_MILLIS = 500;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    static Path work;

    private static EmbeddedTomcat server;
    private static NativeMediaPlane media;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Path page = Files.createDirectories(work.resolve("pages")).resolve("page.txt");
        Files.writeString(page, "a page");
        Path folder = Files.createDirectories(work.resolve("tomcat"));
        server = new EmbeddedTomcat(
                work.resolve("pages"),
                folder,
                List.of(0),
                OptionalInt.empty(),
                SHARE,
                List.of(),
                ConnectionLimits.PAGES);
        port = server.call().get(0);
        MediaPlaneConfig config = new MediaPlaneConfig(
                0,
                1,
                List.of(LOOPBACK),
                List.of(),
                5,
                true,
                OptionalInt.of(port),
                AudioSettings.DEFAULT,
                Optional.empty());
        media = NativeMediaPlane.open(config, Thread::new, Runnable::run, () -> {});
        server.tellApart(media.pagesPort().orElseThrow());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        media.close();
    }

    @Test
    void connectionsForMediaAreTheLoopsAndCostPagesNothing() throws Exception {
        int before = connections();
        List<Socket> open = new ArrayList<>();
        // More than an address may have of pages: those that are handed over do not count.
        for (int i = 1; i <= 2 * SHARE; i++) {
            Socket socket = new Socket(LOOPBACK, port);
            open.add(socket);
            socket.getOutputStream().write(checkOfNobody());
            awaitConnections(before + i);
        }
        for (Socket socket : open) {
            socket.setSoTimeout(A_WHILE_MILLIS / SHARE);
            // Neither ended nor answered: the JDK's closing of its own end has not shut it down.
            assertThrows(SocketTimeoutException.class, socket.getInputStream()::read);
        }
        assertEquals("a page", page());
        for (Socket socket : open) {
            socket.close();
        }
        awaitConnections(before);
    }

    @Test
    void aRequestInPiecesIsARequest() throws Exception {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (char octet : "GET /page.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".toCharArray()) {
                socket.getOutputStream().write(octet);
            }
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(answer.endsWith("a page"), answer);
        }
    }

    private static String page() throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET /page.txt HTTP/1.0\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return answer.substring(answer.lastIndexOf('\n') + 1);
        }
    }

    /** A check for a transport that there is not, in a frame. */
    private static byte[] checkOfNobody() {
        byte[] username = "nobody:nowhere..".getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(2 + 20 + 4 + username.length);
        frame.putShort((short) (frame.capacity() - 2));
        frame.putShort((short) 1).putShort((short) (4 + username.length)).putInt(0x2112A442);
        frame.put(new byte[12]).putShort((short) 6).putShort((short) username.length);
        return frame.put(username).array();
    }

    private static int connections() {
        return media.counters()
                .get(0)
                .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .join()
                .tcpConnections();
    }

    private static void awaitConnections(int expected) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (connections() != expected && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(expected, connections());
    }
}
