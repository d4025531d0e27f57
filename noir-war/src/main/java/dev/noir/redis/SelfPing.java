package dev.noir.redis;

import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Whether this node hears what is sent to it: every now and then it sends something to itself, the whole way through Redis. What
 * looks well by itself (a connection, a thread, a heartbeat) may yet not hear. Thread: the heartbeat's; {@link #arrived} and
 * {@link #trouble} any.
 */
final class SelfPing {
    // Given.
    private final LongPredicate send;
    private final Runnable onDeaf;
    private final Scheduler time;
    private final Duration interval;
    private final Duration limit;

    // State.
    private long lastSent;
    private long lastSentNanos;
    private long deafSinceNanos;

    private final AtomicLong lastArrived = new AtomicLong();

    // Volatile: written by the heartbeat, read by whoever asks about health. Empty: none.
    private volatile String trouble = "";

    /**
     * @param send the number, to itself; false: not taken
     * @param onDeaf something that was sent has not arrived within the limit; called again after each further one
     * @param interval from one to the next
     * @param limit within which each has to arrive
     */
    SelfPing(LongPredicate send, Runnable onDeaf, Scheduler time, Duration interval, Duration limit) {
        this.send = send;
        this.onDeaf = onDeaf;
        this.time = time;
        this.interval = interval;
        this.limit = limit;
        this.lastSentNanos = time.nanoTime() - interval.toNanos();
    }

    Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /** For the inbox. */
    void arrived(long number) {
        lastArrived.accumulateAndGet(number, Math::max);
    }

    /** With every heartbeat while Redis is there. */
    void beat() {
        long now = time.nanoTime();
        if (lastArrived.get() >= lastSent) {
            trouble = "";
            if (now - lastSentNanos >= interval.toNanos()) {
                deafSinceNanos = now;
                send(now);
            }
        } else if (now - lastSentNanos >= limit.toNanos()) {
            trouble = "what this node sends to itself has not arrived for "
                    + Duration.ofNanos(now - deafSinceNanos).toSeconds() + " s; its inbox is read anew";
            onDeaf.run();
            send(now);
        }
    }

    /** One that is not taken does not arrive. */
    private void send(long now) {
        lastSent++;
        lastSentNanos = now;
        if (!send.test(lastSent)) {
            trouble = "this node cannot send to itself";
        }
    }

    /** Redis was away, and what was under way may be lost. */
    void reset() {
        lastArrived.set(lastSent);
        lastSentNanos = time.nanoTime() - interval.toNanos();
        trouble = "";
    }
}
