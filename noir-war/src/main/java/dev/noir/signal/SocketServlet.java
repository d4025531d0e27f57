package dev.noir.signal;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.http.HttpServlet;
import java.io.Serial;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A servlet at an address for clients' sockets. Thread: the container's. */
public abstract class SocketServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What it works with. */
    public record Parts(SignalServer server, SocketDoor door) {}

    private final transient Supplier<Parts> lookup;

    // Looked up once: CDI.current() walks the stack to find whose container is asked for. Any thread's.
    private transient volatile @Nullable Parts parts;

    /** As the container makes it. */
    protected SocketServlet() {
        this(() -> new Parts(
                CDI.current().select(SignalServer.class).get(),
                CDI.current().select(SocketDoor.class).get()));
    }

    protected SocketServlet(Supplier<Parts> lookup) {
        this.lookup = lookup;
    }

    /** With the first request: not every container has started CDI when it makes its servlets. */
    protected final Parts parts() {
        Parts known = parts;
        if (known == null) {
            known = lookup.get();
            parts = known;
        }
        return known;
    }
}
