package dev.noir.history;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that a peer's connections have gone through.
 *
 * @param from ms since 1970
 * @param to ms since 1970; empty while it lasts
 * @param stream that it is about, if it is about one
 * @param of whose stream that is
 * @param says a sentence for people, without times of the day
 */
public record Span(
        long from,
        OptionalLong to,
        Kind kind,
        Severity severity,
        Optional<String> stream,
        Optional<String> of,
        String says) {
    /** What it is; documented in docs/management.md. More may come. */
    public enum Kind {
        FROZEN,
        BROKEN,
        REDUCED,
        LOSSY,
        LOSSY_UP,
        THIN_UP,
        SLOW,
        TCP,
        DISCONNECTED,
        STOPPED,
        DRAINING,
        MOVED
    }

    /** How much of it is noticed; ascending. */
    public enum Severity {
        INFO,
        WARNING,
        BAD
    }
}
