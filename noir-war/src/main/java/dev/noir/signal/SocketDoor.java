package dev.noir.signal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where servlets look at handshakes of sockets for clients, and hand those that they let in over to the container. Thread: the container's. */
public final class SocketDoor {
    private static final Logger LOG = System.getLogger(SocketDoor.class.getName());

    private static final int UPGRADE_REQUIRED = 426; // RFC 9110 §15.5.22.

    // Given.
    private final OriginPolicy origins;
    private final Signalling signalling;

    public SocketDoor(OriginPolicy origins, Signalling signalling) {
        this.origins = origins;
        this.signalling = signalling;
    }

    /** Refuses what is to be refused before anybody is looked at; true when it is a handshake that may be upgraded. */
    public boolean lets(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!signalling.offered()) {
            refuse(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "This server only hosts rooms; connect to one that takes clients.");
        } else if (!origins.allows(request.getHeader("Origin"), request.getHeader("Host"))) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "This page's origin is not in noir.allowed-origins.");
        } else {
            return isHandshake(request, response);
        }
        return false;
    }

    /** Refuses what is none. RFC 6455 §4.2.1; what else is wrong with one is the container's to say. */
    static boolean isHandshake(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && request.getHeader("Sec-WebSocket-Key") != null) {
            return true;
        }
        response.setHeader("Upgrade", "websocket");
        refuse(response, UPGRADE_REQUIRED, "This address takes WebSockets only.");
        return false;
    }

    public void upgrade(HttpServletRequest request, HttpServletResponse response, Arrival arrival) throws IOException {
        Object container = request.getServletContext().getAttribute(ServerContainer.class.getName());
        try {
            SignalConfigurator.upgrade(arrival, config -> ((ServerContainer) container)
                    .upgradeHttpToWebSocket(new Nameless(request), response, config, Map.of()));
        } catch (DeploymentException | RuntimeException e) {
            if (isTakenBack(request)) {
                LOG.log(Level.DEBUG, "the client has gone during its handshake", e);
                return;
            }
            LOG.log(Level.ERROR, "Cannot take over a WebSocket handshake", e);
            if (!response.isCommitted()) {
                refuse(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "The handshake has failed.");
            }
        }
    }

    /** Payara 6 takes a request back, under the hands of who works on it, when its client has cut the connection. */
    private static boolean isTakenBack(HttpServletRequest request) {
        return request.getServletContext() == null;
    }

    /**
     * The handshake without its sender and his session: containers close the socket with that session in their own way, with a
     * code that means nothing to clients. We know better when and why.
     */
    private static final class Nameless extends HttpServletRequestWrapper {
        Nameless(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable Principal getUserPrincipal() {
            return null;
        }

        @Override
        public @Nullable HttpSession getSession(boolean create) {
            return null;
        }
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().println(why);
    }
}
