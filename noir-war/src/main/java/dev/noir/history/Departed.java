package dev.noir.history;

import java.util.Optional;

/**
 * A stay that is over.
 *
 * @param joined ms since 1970
 * @param left ms since 1970
 * @param spans how many there were
 * @param worst of them; empty: there were none
 */
public record Departed(String uid, long joined, long left, int spans, Optional<Span.Severity> worst) {}
