package dev.noir.signal;

import dev.noir.access.FirstUse;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.http.HttpServlet;
import java.io.Serial;
import java.util.function.Supplier;

/** A servlet at an address for clients' sockets. Thread: the container's. */
public abstract class SocketServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What it works with. */
    public record Parts(SignalServer server, SocketDoor door) {}

    private final transient FirstUse<Parts> parts;

    /** As the container makes it. */
    protected SocketServlet() {
        this(() -> new Parts(
                CDI.current().select(SignalServer.class).get(),
                CDI.current().select(SocketDoor.class).get()));
    }

    protected SocketServlet(Supplier<Parts> lookup) {
        this.parts = new FirstUse<>(lookup);
    }

    protected final Parts parts() {
        return parts.get();
    }
}
