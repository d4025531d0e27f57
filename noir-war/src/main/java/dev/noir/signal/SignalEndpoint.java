package dev.noir.signal;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The signalling socket. One object per connection, made by {@link SignalConfigurator} and owned by the container; it is no bean,
 * so nothing has to destroy it. Text comes in parts, since not every container enforces a message limit.
 *
 * <p>Thread: the container's, one at a time per connection.
 */
public final class SignalEndpoint extends Endpoint {
    private static final Logger LOG = System.getLogger(SignalEndpoint.class.getName());

    private @Nullable SocketReader reader;

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.setMaxIdleTimeout(
                0); // Liveness is ours: containers differ by seconds, or never look (see ClientSession).
        SessionSocket socket = new SessionSocket(session);
        Arrival arrival = SignalConfigurator.arrival(config).orElse(null);
        if (arrival == null) {
            socket.close(ClientSession.POLICY_VIOLATION, "nobody was let in here");
            return;
        }
        arrival.opener().open(socket).ifPresent(opened -> {
            reader = opened;
            listen(session, opened);
        });
    }

    // Classes, not lambdas: not every container finds the type of a lambda's message.
    private static void listen(Session session, SocketReader reader) {
        session.addMessageHandler(String.class, new MessageHandler.Partial<String>() {
            @Override
            public void onMessage(String part, boolean last) {
                reader.received(part, last);
            }
        });
        session.addMessageHandler(byte[].class, new MessageHandler.Partial<byte[]>() {
            @Override
            public void onMessage(byte[] part, boolean last) {
                reader.receivedBinary(part, last);
            }
        });
        session.addMessageHandler(PongMessage.class, new MessageHandler.Whole<PongMessage>() {
            @Override
            public void onMessage(PongMessage pong) {
                reader.heard();
            }
        });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        if (reader != null) {
            reader.closed();
        }
    }

    /** Broken sockets arrive here, and what the handlers above throw; not every container closes then. */
    @Override
    public void onError(Session session, Throwable error) {
        LOG.log(Level.DEBUG, () -> "socket " + session.getId() + " failed", error);
        if (reader != null) {
            reader.failed();
        }
    }
}
