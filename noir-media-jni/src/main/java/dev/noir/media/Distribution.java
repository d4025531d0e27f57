package dev.noir.media;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many of something were how large.
 *
 * @param bounds up to which, in ascending order, each of {@code counts} counts; the last one counts what is above all of them
 * @param sum of all sizes
 */
public record Distribution(List<Long> bounds, List<Long> counts, long sum) {

    public Distribution {
        if (counts.size() != bounds.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts for " + bounds.size() + " bounds");
        }
    }

    /** The counts stand from {@code at} on, the sum behind them. */
    static Distribution read(List<Long> bounds, long[] values, int at) {
        int end = at + bounds.size() + 1;
        return new Distribution(bounds, Arrays.stream(values, at, end).boxed().toList(), values[end]);
    }

    /** Of both together; they have the same bounds. */
    public Distribution plus(Distribution other) {
        if (!bounds.equals(other.bounds)) {
            throw new IllegalArgumentException(bounds + " and " + other.bounds);
        }
        List<Long> both = IntStream.range(0, counts.size())
                .mapToObj(i -> counts.get(i) + other.counts.get(i))
                .toList();
        return new Distribution(bounds, both, sum + other.sum);
    }
}
