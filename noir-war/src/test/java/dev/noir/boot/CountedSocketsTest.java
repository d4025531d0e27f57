package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

/** With real sockets, whose other ends see what becomes of them. */
final class CountedSocketsTest {
    @Test
    void aPlaceIsGivenBackOnce() throws Exception {
        CountedSockets counted = new CountedSockets(2, 1);
        try (ServerSocket server = counted.createServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Socket first = client(server);
                Socket kept = server.accept();
                Socket second = client(server);
                Socket other = server.accept()) {
            assertEquals(first.getLocalPort(), kept.getPort());
            assertEquals(second.getLocalPort(), other.getPort());
            leave(kept);
            leave(kept);
            try (Socket third = client(server);
                    Socket next = server.accept()) {
                assertEquals(third.getLocalPort(), next.getPort());
                assertRefused(server);
            }
        }
    }

    @Test
    void whoIsRefusedSeesItAtOnce() throws Exception {
        CountedSockets counted = new CountedSockets(0, 0);
        try (ServerSocket server = counted.createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertRefused(server);
        }
    }

    private static void leave(Socket socket) throws IOException {
        socket.close();
    }

    private static void assertRefused(ServerSocket server) throws IOException {
        server.setSoTimeout(200); // A refused one is closed, and the next one waited for.
        try (Socket refused = client(server)) {
            assertThrows(SocketTimeoutException.class, server::accept);
            assertEquals(-1, refused.getInputStream().read());
        }
    }

    private static Socket client(ServerSocket server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }
}
