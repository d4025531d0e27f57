package dev.noir.eventlog;

import java.time.Duration;

/**
 * How much of the past is kept.
 *
 * @param length events of a room; the oldest are forgotten
 * @param keep for how long after a room's last event
 */
public record LogLimits(int length, Duration keep) {
    /** Within which an open room in which nothing happens says so. */
    Duration renewal() {
        return keep.dividedBy(4);
    }
}
