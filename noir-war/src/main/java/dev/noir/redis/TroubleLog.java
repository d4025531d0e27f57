package dev.noir.redis;

import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Writes of trouble when it begins, when it is another, and when it is over, but not more often than every 30 s. Thread: one. */
final class TroubleLog {
    private static final Logger LOG = System.getLogger(TroubleLog.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    // Given.
    private final Scheduler time;
    private final BiConsumer<Level, String> sink;

    // State.
    private String written = "";
    private long writtenNanos;

    TroubleLog(Scheduler time) {
        this(time, LOG::log);
    }

    TroubleLog(Scheduler time, BiConsumer<Level, String> sink) {
        this.time = time;
        this.sink = sink;
        this.writtenNanos = time.nanoTime() - INTERVAL.toNanos();
    }

    void look(Optional<String> trouble) {
        String now = trouble.orElse("");
        if (now.equals(written) || time.nanoTime() - writtenNanos < INTERVAL.toNanos()) {
            return;
        }
        if (now.isEmpty()) {
            sink.accept(Level.INFO, "Cluster: all is well again");
        } else {
            sink.accept(Level.WARNING, "Cluster: " + now);
        }
        written = now;
        writtenNanos = time.nanoTime();
    }
}
