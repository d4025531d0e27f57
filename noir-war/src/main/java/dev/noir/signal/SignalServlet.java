package dev.noir.signal;

import dev.noir.access.Visitor;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /ws}: looks at the handshake of a signalling socket and hands it over to the container. A servlet, since what it refuses
 * is refused with a status of HTTP and a reason on every server, while servers differ in what they ask an endpoint, in which
 * order and on which paths (docs/adr/0022). Thread: the container's.
 */
@WebServlet(name = "signal", urlPatterns = "/ws")
public class SignalServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What it works with. */
    record Parts(SignalServer server, SocketDoor door) {}

    private final transient Supplier<Parts> lookup;

    // Looked up once: CDI.current() walks the stack to find whose container is asked for. Any thread's.
    private transient volatile @Nullable Parts parts;

    /** As the container makes it. */
    public SignalServlet() {
        this(() -> new Parts(
                CDI.current().select(SignalServer.class).get(),
                CDI.current().select(SocketDoor.class).get()));
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
        if (!parts().door().lets(request, response)) {
            return;
        }
        SignalServer server = parts().server();
        Visitor visitor = request.getAttribute(Visitor.ATTRIBUTE) instanceof Visitor known ? known : Visitor.STRANGER;
        Arrival arrival = new Arrival(
                socket -> server.open(socket, visitor), "", server.limits().compression());
        parts().door().upgrade(request, response, arrival);
    }
}
