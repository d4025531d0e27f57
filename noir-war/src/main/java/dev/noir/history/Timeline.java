package dev.noir.history;

import java.util.List;
import java.util.OptionalLong;

/**
 * One stay of a peer in a room.
 *
 * @param joined ms since 1970
 * @param left ms since 1970; empty: it is there
 * @param stepMillis from sample to sample
 */
public record Timeline(long joined, OptionalLong left, int stepMillis, List<Sample> samples, List<Span> spans) {
    public Timeline {
        samples = List.copyOf(samples);
        spans = List.copyOf(spans);
    }
}
