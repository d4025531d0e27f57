package dev.noir.signal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.NameRule;
import dev.noir.room.FakeScheduler;
import dev.noir.route.LoneNode;
import jakarta.websocket.server.ServerContainer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.apache.tomcat.websocket.server.WsServerContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody who sends what clients do not, or has been thrown out and does not stop. A real container, real sockets. */
@ResourceLock("tomcat") // Two that start at once are in the way of each other's MBeans.
final class HostileSocketTest {
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int PONG = 0x8A;
    private static final int MASKED = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int LONG_LENGTH = 127;
    private static final String COMPRESSION = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int PER_WRITE = 1000;
    // What the server may take until it has closed: thousands are on their way when it decides.
    private static final int MAX_FRAMES = 5_000_000;

    @TempDir
    static Path work;

    private static final FakeScheduler SCHEDULER = new FakeScheduler();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final SignalServer SERVER = server(SignalLimits.DEFAULT);
    private static final Tomcat TOMCAT = new Tomcat();

    @BeforeAll
    static void start() throws LifecycleException {
        TOMCAT.setBaseDir(work.toString());
        TOMCAT.setPort(0);
        TOMCAT.getConnector();
        Context context = TOMCAT.addContext("", work.toString());
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        serve(context, "/ws", SERVER);
        serve(context, "/compressed", server(SignalLimits.DEFAULT.with(0, true)));
        context.addServletContainerInitializer(new WsSci(), Set.of(SignalRegistration.class));
        TOMCAT.start();
        WsServerContainer sockets =
                (WsServerContainer) context.getServletContext().getAttribute(ServerContainer.class.getName());
        sockets.setProcessPeriod(1); // As in EmbeddedTomcat.
    }

    private static SignalServer server(SignalLimits limits) {
        return new SignalServer(
                limits, new LoneNode(SCHEDULER).rooms, SCHEDULER, THREADS, new SecureRandom(), NameRule.FREE);
    }

    private static void serve(Context context, String path, SignalServer server) {
        SocketServlet.Parts parts =
                new SocketServlet.Parts(server, new SocketDoor(new OriginPolicy(List.of("*")), new Signalling(true)));
        Tomcat.addServlet(context, path, new SignalServlet(() -> parts)).addMapping(path);
    }

    @AfterAll
    static void stop() throws LifecycleException {
        TOMCAT.stop();
        TOMCAT.destroy();
        THREADS.shutdown();
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, PONG})
    void whatComesAfterTheVerdictIsNotRead(int opcode) throws IOException {
        try (Socket socket = connect()) {
            send(socket, BINARY, 1);
            assertEquals(ClientLink.UNSUPPORTED_DATA, closeCode(socket));
            int sent = 0;
            while (sent < MAX_FRAMES && send(socket, opcode, PER_WRITE)) {
                sent += PER_WRITE;
            }
            assertTrue(sent < MAX_FRAMES, sent + " frames have been taken");
        }
    }

    @Test
    void whoFloodsIsNotReadEither() throws IOException {
        try (Socket socket = connect()) {
            int sent = 0;
            while (sent < MAX_FRAMES && send(socket, TEXT, PER_WRITE)) {
                sent += PER_WRITE;
            }
            assertTrue(sent < MAX_FRAMES, sent + " frames have been taken");
        }
    }

    /** Nor answers. */
    @Test
    void whoSaysNothingMoreIsCutOff() throws IOException {
        try (Socket socket = connect()) {
            send(socket, BINARY, 1);
            assertEquals(ClientLink.UNSUPPORTED_DATA, closeCode(socket));
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    /** Each compressed socket costs a container 150 KB, and each message what the sender likes. */
    @Test
    void nothingIsCompressedUnlessThatIsWanted() throws IOException {
        assertFalse(handshake("/ws").contains("permessage-deflate"));
        assertTrue(handshake("/compressed").contains("permessage-deflate"));
    }

    /** A letter, 2^22 times, in a thousandth of the octets (RFC 7692 §7.2.1). */
    @Test
    void aBombIsClosedWhereMessagesMayBeCompressed() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflating =
                new DeflaterOutputStream(bomb, new Deflater(Deflater.BEST_COMPRESSION, true))) {
            byte[] letters = "x".repeat(1 << 16).getBytes(ISO_8859_1);
            for (int i = 0; i < 1 << 6; i++) {
                deflating.write(letters);
            }
        }
        try (Socket socket = open("/compressed", COMPRESSION)) {
            head(socket);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream frame = new DataOutputStream(bytes);
            frame.writeByte(TEXT | COMPRESSED);
            frame.writeByte(MASKED | LONG_LENGTH);
            frame.writeLong(bomb.size());
            frame.writeInt(0);
            bomb.writeTo(frame);
            socket.getOutputStream().write(bytes.toByteArray());
            assertEquals(ClientLink.TOO_BIG, closeCode(socket));
        }
    }

    private static String handshake(String path) throws IOException {
        try (Socket socket = open(path, COMPRESSION)) {
            return head(socket);
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = open("/ws", "");
        head(socket);
        return socket;
    }

    private static Socket open(String path, String headers) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setSendBufferSize(16 * 1024);
        socket.connect(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), TOMCAT.getConnector().getLocalPort()),
                PATIENCE_MILLIS);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
        return head.toString();
    }

    /** So many frames with two octets each, masked with zeros (RFC 6455 §5.2); false when the connection is over. */
    private static boolean send(Socket socket, int first, int times) throws IOException {
        byte[] frame = {(byte) first, (byte) (MASKED | 2), 0, 0, 0, 0, '{', '}'};
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            frames.write(frame);
        }
        try {
            socket.getOutputStream().write(frames.toByteArray());
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    /** All frames of the server are short here. */
    private static int closeCode(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        if (in.readUnsignedByte() != 0x88) {
            throw new EOFException("no close");
        }
        byte[] payload = in.readNBytes(in.readUnsignedByte());
        return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }
}
