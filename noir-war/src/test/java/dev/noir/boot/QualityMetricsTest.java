package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.admin.Metrics;
import dev.noir.media.Distribution;
import dev.noir.media.LayerSwitch.Cause;
import dev.noir.media.LoopQuality;
import dev.noir.media.LoopQuality.Freeze;
import dev.noir.room.RoomEvents;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QualityMetricsTest {
    private static final List<Long> NANOS = List.of(50_000L, 1_000_000L);
    private static final List<Long> BITS = List.of(100_000L, 500_000L);

    private static LoopQuality loop(long one) {
        return new LoopQuality(
                new Distribution(NANOS, List.of(one, 2L, 3L), 4_000_000),
                new Distribution(NANOS, List.of(0L, 0L, one), 500_000_000),
                new Distribution(BITS, List.of(one, 1L, 0L), 600_000),
                7 * one,
                one,
                100,
                90,
                9000,
                1,
                2,
                Map.of(Cause.LINE, one, Cause.WISH, 0L, Cause.SOURCE, 0L),
                Map.of(Cause.LINE, 0L, Cause.WISH, one, Cause.SOURCE, 5L),
                Map.of(Freeze.LINE, one, Freeze.LOSS, 0L, Freeze.LATE, 2L));
    }

    private static void has(String page, String... lines) {
        for (String line : lines) {
            assertTrue(page.contains(line + "\n"), line + " is not in\n" + page);
        }
    }

    @Test
    void loopsAreAddedUp() {
        Metrics metrics = new Metrics();
        metrics.add(page -> QualityMetrics.print(page, List.of(loop(1), loop(10))));
        String page = metrics.print();

        has(
                page,
                "noir_media_forward_delay_seconds_bucket{paced=\"no\",le=\"5.0E-5\"} 11",
                "noir_media_forward_delay_seconds_bucket{paced=\"no\",le=\"0.001\"} 15",
                "noir_media_forward_delay_seconds_bucket{paced=\"no\",le=\"+Inf\"} 21",
                "noir_media_forward_delay_seconds_sum{paced=\"no\"} 0.008",
                "noir_media_forward_delay_seconds_count{paced=\"yes\"} 11",
                "noir_media_estimate_bits_per_second_bucket{le=\"100000.0\"} 11",
                "noir_media_estimate_bits_per_second_gcount 13",
                "noir_media_estimate_bits_per_second_gsum 1200000.0");
        has(
                page,
                "noir_media_feedback_total 77.0",
                "noir_media_feedback_unmatched_total 11.0",
                "noir_media_layer_switches_total{direction=\"up\",why=\"line\"} 11.0",
                "noir_media_layer_switches_total{direction=\"down\",why=\"wish\"} 11.0",
                "noir_media_layer_switches_total{direction=\"down\",why=\"source\"} 10.0",
                "noir_media_freezes_total{why=\"line\"} 11.0",
                "noir_media_freezes_total{why=\"late\"} 4.0",
                "noir_media_packets_expected_total 200.0",
                "noir_media_packets_received_total 180.0");
        has(page, "rtp_expected 200.0", "rtp_received 180.0", "rtp_packets 180.0", "rtp_bytes 18000.0");
        has(page, "sfu_audio_tracks 2.0", "sfu_video_tracks 4.0");
    }

    @Test
    void aNodeHasThemFromItsStart() {
        Map<String, String> settings =
                Map.of("noir.media.port", "0", "noir.media.loops", "2", "noir.media.addresses", "127.0.0.1");
        try (TestNode node = new TestNode(settings, ContainerThreads.ofOurOwn(), RoomEvents.NONE)) {
            String page = node.metrics.print();

            has(
                    page,
                    "noir_media_forward_delay_seconds_bucket{paced=\"no\",le=\"5.0E-5\"} 0",
                    "noir_media_forward_delay_seconds_bucket{paced=\"yes\",le=\"0.02\"} 0",
                    "noir_media_estimate_bits_per_second_bucket{le=\"5.0E7\"} 0",
                    "noir_media_freezes_total{why=\"loss\"} 0.0");
        }
    }
}
