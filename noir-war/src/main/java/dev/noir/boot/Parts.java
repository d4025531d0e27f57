package dev.noir.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, stopped in reverse order. A part that fails to stop does not keep the others running. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Parts.class.getName());

    private record Part(String name, AutoCloseable stop) {}

    private final Deque<Part> started = new ArrayDeque<>();

    /** To be called right after the part has been started. */
    <T extends AutoCloseable> T add(String name, T part) {
        started.push(new Part(name, part));
        return part;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.stop().close();
            } catch (Exception e) {
                LOG.log(Level.ERROR, "Cannot stop " + part.name(), e);
            }
        }
    }
}
