package dev.noir.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The last samples of a stay: 33 bytes each, in a ring that grows to its length. Not thread-safe. */
final class Samples {
    private static final int FIRST_LENGTH = 16;
    private static final int UNKNOWN = -1;
    private static final List<Sample.Path> PATHS = List.of(Sample.Path.UDP, Sample.Path.TCP);

    // Given.
    private final int length;

    // State: the oldest stands at start.
    private int start;
    private int size;
    private long[] at = new long[0];
    private int[] estimate = new int[0];
    private int[] sent = new int[0];
    private int[] received = new int[0];
    private short[] rtt = new short[0];
    private short[] lossUp = new short[0];
    private short[] lossDown = new short[0];
    private short[] pictures = new short[0];
    private short[] paused = new short[0];
    private byte[] path = new byte[0];

    Samples(int length) {
        this.length = length;
    }

    void add(Sample sample) {
        if (size == at.length && size < length) {
            grow(Math.min(length, Math.max(FIRST_LENGTH, size * 2)));
        }
        int place = (start + size) % at.length;
        if (size == at.length) {
            start = (start + 1) % at.length;
        } else {
            size++;
        }
        at[place] = sample.at();
        estimate[place] = whole(sample.estimate().orElse(UNKNOWN));
        sent[place] = whole(sample.sent());
        received[place] = whole(sample.received());
        rtt[place] = small(sample.rtt().orElse(UNKNOWN));
        lossUp[place] = small(sample.lossUp().orElse(UNKNOWN));
        lossDown[place] = small(sample.lossDown().orElse(UNKNOWN));
        pictures[place] = small(sample.pictures());
        paused[place] = small(sample.paused());
        path[place] = (byte) sample.path().map(PATHS::indexOf).orElse(UNKNOWN).intValue();
    }

    /** Not full before it grows, so that the oldest stands at 0. */
    private void grow(int to) {
        at = Arrays.copyOf(at, to);
        estimate = Arrays.copyOf(estimate, to);
        sent = Arrays.copyOf(sent, to);
        received = Arrays.copyOf(received, to);
        rtt = Arrays.copyOf(rtt, to);
        lossUp = Arrays.copyOf(lossUp, to);
        lossDown = Arrays.copyOf(lossDown, to);
        pictures = Arrays.copyOf(pictures, to);
        paused = Arrays.copyOf(paused, to);
        path = Arrays.copyOf(path, to);
    }

    private static int whole(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static short small(int value) {
        return (short) Math.min(value, Short.MAX_VALUE);
    }

    /** Those from one time to before another one, ms since 1970. */
    List<Sample> between(long from, long to) {
        List<Sample> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int place = (start + i) % at.length;
            if (at[place] >= from && at[place] < to) {
                list.add(sample(place));
            }
        }
        return list;
    }

    private Sample sample(int place) {
        return new Sample(
                at[place],
                path[place] == UNKNOWN ? Optional.empty() : Optional.of(PATHS.get(path[place])),
                known(rtt[place]),
                estimate[place] == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(estimate[place]),
                sent[place],
                received[place],
                known(lossUp[place]),
                known(lossDown[place]),
                pictures[place],
                paused[place]);
    }

    private static OptionalInt known(int value) {
        return value == UNKNOWN ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
