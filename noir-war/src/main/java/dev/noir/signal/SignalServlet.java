package dev.noir.signal;

import dev.noir.access.Visitor;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import java.io.IOException;
import java.io.Serial;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /ws}: looks at the handshake of a signalling socket and hands it over to the container. A servlet, since what it refuses
 * is refused with a status of HTTP and a reason on every server, while servers differ in what they ask an endpoint, in which
 * order and on which paths (docs/adr/0022). Thread: the container's.
 */
@WebServlet(name = "signal", urlPatterns = "/ws")
public class SignalServlet extends HttpServlet {
    private static final Logger LOG = System.getLogger(SignalServlet.class.getName());

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int UPGRADE_REQUIRED = 426; // RFC 9110 §15.5.22.

    /** What it works with. */
    record Parts(SignalServer server, OriginPolicy origins, Signalling signalling) {}

    private final transient Supplier<Parts> lookup;

    // Looked up once: CDI.current() walks the stack to find whose container is asked for. Any thread's.
    private transient volatile @Nullable Parts parts;

    /** As the container makes it. */
    public SignalServlet() {
        this(() -> new Parts(
                CDI.current().select(SignalServer.class).get(),
                CDI.current().select(OriginPolicy.class).get(),
                CDI.current().select(Signalling.class).get()));
    }

    SignalServlet(Supplier<Parts> lookup) {
        this.lookup = lookup;
    }

    /** With the first request: not every container has started CDI when it makes its servlets. */
    private Parts parts() {
        Parts known = parts;
        if (known == null) {
            known = lookup.get();
            parts = known;
        }
        return known;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!parts().signalling().offered()) {
            refuse(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "This server only hosts rooms; connect to one that takes clients.");
        } else if (!parts().origins().allows(request.getHeader("Origin"), request.getHeader("Host"))) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "This page's origin is not in noir.allowed-origins.");
        } else if (!isHandshake(request)) {
            response.setHeader("Upgrade", "websocket");
            refuse(response, UPGRADE_REQUIRED, "This address takes WebSockets only.");
        } else {
            Visitor visitor =
                    request.getAttribute(Visitor.ATTRIBUTE) instanceof Visitor known ? known : Visitor.STRANGER;
            upgrade(request, response, visitor);
        }
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response, Visitor visitor) throws IOException {
        Object container = getServletContext().getAttribute(ServerContainer.class.getName());
        try {
            SignalConfigurator.upgrade(new Arrival(parts().server(), visitor), config -> ((ServerContainer) container)
                    .upgradeHttpToWebSocket(new Nameless(request), response, config, Map.of()));
        } catch (DeploymentException | RuntimeException e) {
            LOG.log(Level.ERROR, "Cannot take over a WebSocket handshake", e);
            if (!response.isCommitted()) {
                refuse(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "The handshake has failed.");
            }
        }
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

    /** RFC 6455 §4.2.1; what else is wrong with it is the container's to say. */
    private static boolean isHandshake(HttpServletRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && request.getHeader("Sec-WebSocket-Key") != null;
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().println(why);
    }
}
