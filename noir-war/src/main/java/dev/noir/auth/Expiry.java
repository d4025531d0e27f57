package dev.noir.auth;

import dev.noir.access.Standing;
import dev.noir.room.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Good until an instant, by the clock on the wall. */
final class Expiry implements Standing {
    // The clock on the wall may be set; and no scheduler counts the centuries that a token may claim.
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final Instant end;
    private final Clock clock;
    private final Scheduler scheduler;

    Expiry(Instant end, Clock clock, Scheduler scheduler) {
        this.end = end;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    @Override
    public Watch whenOver(Consumer<End> listener) {
        Waiting waiting = new Waiting(listener);
        waiting.look();
        return waiting;
    }

    private final class Waiting implements Watch {
        private final Consumer<End> listener;

        // Guarded by `this`, held for these alone.
        private Scheduler.@Nullable Timer timer;
        private boolean closed;

        Waiting(Consumer<End> listener) {
            this.listener = listener;
        }

        private void look() {
            Instant now = clock.instant();
            if (!now.isBefore(end)) {
                listener.accept(End.TOKEN_EXPIRED);
                return;
            }
            // Seconds first: the difference may be too long for nanoseconds.
            boolean soon = end.getEpochSecond() - now.getEpochSecond() < LOOK_AGAIN.toSeconds();
            Duration wait = soon ? Duration.between(now, end) : LOOK_AGAIN;
            synchronized (this) {
                if (!closed) {
                    timer = scheduler.schedule(wait, this::look);
                }
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                closed = true;
                if (timer != null) {
                    timer.cancel();
                }
            }
        }
    }
}
