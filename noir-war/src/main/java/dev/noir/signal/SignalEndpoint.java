package dev.noir.signal;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The signalling socket. One object per connection, made by {@link SignalConfigurator} and owned by the container; it is no bean,
 * so nothing has to destroy it. Text comes in parts, since not every container enforces a message limit.
 *
 * <p>Thread: the container's, one at a time per connection.
 */
@ServerEndpoint(value = "/ws", configurator = SignalConfigurator.class)
public class SignalEndpoint {
    private static final Logger LOG = System.getLogger(SignalEndpoint.class.getName());

    private final SignalServer server;
    private @Nullable ClientLink link;

    /** Some containers insist on it at deployment. */
    public SignalEndpoint() {
        this(CDI.current().select(SignalServer.class).get());
    }

    SignalEndpoint(SignalServer server) {
        this.server = server;
    }

    @OnOpen
    public void onOpen(Session session, EndpointConfig config) {
        if (!SignalConfigurator.isOurs(session)) {
            new SessionSocket(session)
                    .close(ClientLink.POLICY_VIOLATION, "this page's origin is not in noir.allowed-origins");
            return;
        }
        session.setMaxIdleTimeout(0); // Liveness is ours: containers differ by seconds, or never look (see ClientLink).
        link = server.open(new SessionSocket(session)).orElse(null);
    }

    @OnMessage
    public void onText(String part, boolean last, Session session) {
        if (link != null) {
            link.received(part, last);
        }
    }

    @OnMessage
    public void onBinary(byte[] part, boolean last, Session session) {
        if (link != null) {
            link.receivedBinary();
        }
    }

    @OnMessage
    public void onPong(PongMessage pong, Session session) {
        if (link != null) {
            link.heard();
        }
    }

    @OnClose
    public void onClose(Session session, CloseReason reason) {
        if (link != null) {
            link.closed();
        }
    }

    /** Broken sockets arrive here, and what the methods above throw; not every container closes then. */
    @OnError
    public void onError(Session session, Throwable error) {
        LOG.log(Level.DEBUG, () -> "socket " + session.getId() + " failed", error);
        if (link != null) {
            link.failed();
        }
    }
}
