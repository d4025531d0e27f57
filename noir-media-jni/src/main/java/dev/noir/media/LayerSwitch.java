package dev.noir.media;

import dev.noir.media.TransportExplanation.Layer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A subscriber gets another layer of a video track than before.
 *
 * @param from empty: it was paused, for its line took nothing of it
 * @param to empty: it is paused
 */
public record LayerSwitch(
        TransportId subscriber, DownTrackId track, Optional<Layer> from, Optional<Layer> to, Cause cause) {

    /** Why. On the wire: append only. */
    public enum Cause {
        /** What the subscriber's line takes. */
        LINE,
        /** What the subscriber has asked for, or the size it shows the picture in. */
        WISH,
        /** What the publisher sends. */
        SOURCE
    }

    /** Numbers that one takes. */
    static final int SIZE = 5;

    /** What native code keeps at most. */
    static final int MOST = 32;

    static List<LayerSwitch> listOf(long[] v) {
        return IntStream.range(0, v.length / SIZE)
                .map(i -> i * SIZE)
                .mapToObj(i -> new LayerSwitch(
                        new TransportId((int) v[i]),
                        new DownTrackId((int) v[i + 1]),
                        layer(v[i + 2]),
                        layer(v[i + 3]),
                        Cause.values()[(int) v[i + 4]]))
                .toList();
    }

    private static Optional<Layer> layer(long packed) {
        return packed < 0 ? Optional.empty() : Optional.of(new Layer((int) packed >> 8, (int) packed & 0xFF));
    }
}
