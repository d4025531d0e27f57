package dev.noir.redis;

import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Writes of trouble when it begins, when it is another, but not more often than every 30 s, and when it is over. Thread: one. */
final class TroubleLog {
    private static final Logger LOG = System.getLogger(TroubleLog.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Scheduler time;

    // State.
    private String written = "";
    private long writtenNanos;

    TroubleLog(Scheduler time) {
        this.time = time;
    }

    void look(Optional<String> trouble) {
        String now = trouble.orElse("");
        boolean begins = written.isEmpty();
        if (now.equals(written) || (!begins && time.nanoTime() - writtenNanos < INTERVAL.toNanos())) {
            return;
        }
        if (now.isEmpty()) {
            LOG.log(Level.INFO, "Cluster: all is well again");
        } else {
            LOG.log(Level.WARNING, "Cluster: {0}", now);
        }
        written = now;
        writtenNanos = time.nanoTime();
    }
}
