package dev.noir.signal;

import dev.noir.access.Visitor;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * {@code /ws}: looks at the handshake of a signalling socket and hands it over to the container. A servlet, since what it refuses
 * is refused with a status of HTTP and a reason on every server, while servers differ in what they ask an endpoint, in which
 * order and on which paths (docs/adr/0022). Thread: the container's.
 */
@WebServlet(name = "signal", urlPatterns = "/ws")
public class SignalServlet extends SocketServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    /** As the container makes it. */
    public SignalServlet() {}

    SignalServlet(Supplier<Parts> lookup) {
        super(lookup);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!parts().door().lets(request, response)) {
            return;
        }
        SignalServer server = parts().server();
        Visitor visitor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
        Arrival arrival = new Arrival(
                socket -> server.open(socket, visitor), "", server.limits().compression());
        parts().door().upgrade(request, response, arrival);
    }
}
