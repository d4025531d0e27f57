package dev.noir.media;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How well one loop serves its subscribers, since it was opened, and what their lines take now.
 *
 * @param delays nanoseconds from a packet's arrival until its copies were given to the kernel, each copy counted
 * @param pacedDelays of copies that had to wait for their subscriber's line
 * @param estimates bit/s, one for each subscriber whose line is known
 * @param feedback transport-wide, messages
 * @param feedbackUnmatched those of them that spoke of nothing that was sent
 * @param packetsExpected RTP packets of tracks, by their sequence numbers
 * @param packetsReceived those of them that came, some of them twice
 * @param bytesReceived of tracks, repairs among them, as RTP packets
 * @param audioTracks published on this loop
 * @param switchesUp to a better layer
 * @param switchesDown to a lesser layer, or none
 * @param freezes of pictures at subscribers, as far as it is known here
 */
public record LoopQuality(
        Distribution delays,
        Distribution pacedDelays,
        Distribution estimates,
        long feedback,
        long feedbackUnmatched,
        long packetsExpected,
        long packetsReceived,
        long bytesReceived,
        int audioTracks,
        int videoTracks,
        Map<LayerSwitch.Cause, Long> switchesUp,
        Map<LayerSwitch.Cause, Long> switchesDown,
        Map<Freeze, Long> freezes) {

    /** Why a picture stood still. On the wire: append only. */
    public enum Freeze {
        /** The subscriber's line took not even the smallest layer. */
        LINE,
        /** The client could not show what came, and asked for a key frame. */
        LOSS,
        /** What had waited here for too long was dropped. */
        LATE
    }

    /** {@code sfu/quality.hpp} has the same. */
    static final List<Long> DELAY_BOUNDS = List.of(
            50_000L, 100_000L, 200_000L, 500_000L, 1_000_000L, 2_000_000L, 5_000_000L, 10_000_000L, 20_000_000L);

    static final List<Long> ESTIMATE_BOUNDS = List.of(
            100_000L, 200_000L, 500_000L, 1_000_000L, 2_000_000L, 5_000_000L, 10_000_000L, 20_000_000L, 50_000_000L);

    private static final int SPREAD = DELAY_BOUNDS.size() + 2;
    private static final int SINGLE = 3 * SPREAD;
    private static final int SWITCHES = SINGLE + 7;
    private static final int CAUSES = LayerSwitch.Cause.values().length;

    static final int SIZE = SWITCHES + 2 * CAUSES + Freeze.values().length;

    /** In the order of the components. */
    static LoopQuality of(long[] v) {
        return new LoopQuality(
                Distribution.read(DELAY_BOUNDS, v, 0),
                Distribution.read(DELAY_BOUNDS, v, SPREAD),
                Distribution.read(ESTIMATE_BOUNDS, v, 2 * SPREAD),
                v[SINGLE],
                v[SINGLE + 1],
                v[SINGLE + 2],
                v[SINGLE + 3],
                v[SINGLE + 4],
                (int) v[SINGLE + 5],
                (int) v[SINGLE + 6],
                map(LayerSwitch.Cause.values(), v, SWITCHES),
                map(LayerSwitch.Cause.values(), v, SWITCHES + CAUSES),
                map(Freeze.values(), v, SWITCHES + 2 * CAUSES));
    }

    private static <K> Map<K, Long> map(K[] keys, long[] values, int at) {
        Map<K, Long> map = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i], values[at + i]);
        }
        return Map.copyOf(map);
    }
}
