package dev.noir.signal;

import dev.noir.protocol.Utf16;
import dev.noir.room.FollowOnExecutor;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@code jakarta.websocket} session as the outbox sees it. */
final class SessionSocket implements SocketPort {
    private static final Logger LOG = System.getLogger(SessionSocket.class.getName());

    // A client that does not take one frame in this time is gone; the container then closes the socket, and says
    // nothing.
    // Longer than a node may hang whose rooms others take over: its clients are to be told that.
    private static final long SEND_TIMEOUT_MS = 20_000;

    // RFC 6455 §5.5: a control frame holds 125 bytes, two of them the code.
    private static final int MAX_REASON_BYTES = 123;

    // For the answer to our close; then the container cuts the connection. Tomcat would wait for 30 s, and others,
    // which
    // have been told not to look whether a socket is idle, for ever.
    private static final long CLOSE_TIMEOUT_MS = 1000;

    // Tomcat's name for that, and for how long the close itself may take: its default of 50 ms is too short for a busy
    // server.
    private static final List<String> TOMCATS_TIMEOUTS = List.of(
            "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT",
            "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT");

    // Payara's. It takes what is not to be looked at as idle at once, and looks whether that still holds when it is
    // about to
    // close: told of a second just then, it closes first, and with a code that says nothing. After a close it does not
    // look.
    private static final String TYRUS = "org.glassfish.tyrus.";

    private final Session session;

    SessionSocket(Session session) {
        this.session = session;
        session.getAsyncRemote().setSendTimeout(SEND_TIMEOUT_MS);
    }

    @Override
    public void sendText(String text, Consumer<@Nullable Throwable> done) {
        try {
            session.getAsyncRemote().sendText(text, result -> done.accept(result.isOK() ? null : failure(result)));
        } catch (RuntimeException e) { // Containers differ in what they throw on a closed session.
            done.accept(e);
        }
    }

    @Override
    public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
        try {
            session.getAsyncRemote().sendBinary(message, result -> done.accept(result.isOK() ? null : failure(result)));
        } catch (RuntimeException e) { // As above.
            done.accept(e);
        }
    }

    private static Throwable failure(SendResult result) {
        Throwable failure = result.getException();
        return failure == null ? new IOException("send failed") : failure;
    }

    @Override
    public void sendPing() {
        // Tomcat sends control frames only when the client has taken what was sent before.
        FollowOnExecutor.aboutToWait();
        try {
            session.getAsyncRemote().sendPing(ByteBuffer.wrap(new byte[] {'n', 'o', 'i', 'R'}));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "no ping to a closing socket", e);
        }
    }

    @Override
    public void close(int code, String reason) {
        FollowOnExecutor.aboutToWait(); // As above.
        try {
            TOMCATS_TIMEOUTS.forEach(name -> session.getUserProperties().put(name, CLOSE_TIMEOUT_MS));
            if (!session.getClass().getName().startsWith(TYRUS)) {
                session.setMaxIdleTimeout(CLOSE_TIMEOUT_MS);
            }
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), shortened(reason)));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the socket was closed already", e);
        }
    }

    /** What fits: moderators give reasons in every language. */
    static String shortened(String reason) {
        int bytes = 0;
        StringBuilder text = new StringBuilder();
        for (int c : Utf16.repaired(reason).codePoints().toArray()) {
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_REASON_BYTES) {
                break;
            }
            text.appendCodePoint(c);
        }
        return text.toString();
    }
}
