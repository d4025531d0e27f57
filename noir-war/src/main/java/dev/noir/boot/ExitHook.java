package dev.noir.boot;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Something to be done as soon as the JVM is told to end, while the server does what it does then. Thread: any. */
final class ExitHook implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ExitHook.class.getName());

    private final Thread hook;

    private ExitHook(Thread hook) {
        this.hook = hook;
    }

    static ExitHook install(Runnable task) {
        Thread hook = new Thread(task, "noir-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new ExitHook(hook);
    }

    /** It will not be done any more; otherwise the JVM would keep this deployment in memory. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "The JVM ends already", e);
        }
    }
}
