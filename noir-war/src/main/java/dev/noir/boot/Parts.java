package dev.noir.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, stopped in reverse order. A part that fails to stop does not keep the others running. Thread: any. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Parts.class.getName());

    private record Part(String name, AutoCloseable stop) {}

    // State. Guarded by `this`, which is held while parts are stopped: nothing that stops one waits for another to be
    // added.
    private final Deque<Part> started = new ArrayDeque<>();
    private boolean closed;

    /** To be called right after the part has been started. After {@link #close} it is stopped at once, and refused. */
    synchronized <T extends AutoCloseable> T add(String name, T part) {
        started.push(new Part(name, part));
        if (closed) {
            close();
            throw new IllegalStateException("noiR has been stopped");
        }
        return part;
    }

    /** Once is enough; who comes while it is being done waits for its end. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.stop().close();
            } catch (Throwable e) { // Errors, too: a server that stops may have taken classes away already.
                LOG.log(Level.ERROR, "Cannot stop " + part.name() + ": " + e, e);
            }
        }
    }
}
