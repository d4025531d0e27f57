package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void printsTheValuesOfNow() {
        AtomicLong rooms = new AtomicLong(1);
        metrics.add(page -> page.gauge("noir_rooms", "Rooms hosted by this node", rooms.get()));
        metrics.add(page -> page.counter("noir_packets_total", "Packets forwarded", 7));
        rooms.set(2);

        assertEquals(
                """
                # HELP noir_packets_total Packets forwarded
                # TYPE noir_packets_total counter
                noir_packets_total 7.0
                # HELP noir_rooms Rooms hosted by this node
                # TYPE noir_rooms gauge
                noir_rooms 2.0
                """,
                metrics.print());
    }

    @Test
    void whatIsCountedIsThereFromTheStart() {
        Metrics.Tally failures =
                metrics.tally("noir_failures_total", "So many", List.of("why"), List.of(List.of("a"), List.of("b")));
        failures.add("b");
        failures.add(3, "b");

        assertEquals(
                """
                # HELP noir_failures_total So many
                # TYPE noir_failures_total counter
                noir_failures_total{why="a"} 0.0
                noir_failures_total{why="b"} 4.0
                """,
                metrics.print());
    }

    @Test
    void sizesAreCountedInBuckets() {
        Metrics.Spread times = metrics.spread(
                "noir_times_seconds", "So long", List.of(0.1, 1.0), List.of("how"), List.of(List.of("well")));
        times.add(0.5, "well");
        times.add(7, "well");

        assertEquals(
                """
                # HELP noir_times_seconds So long
                # TYPE noir_times_seconds histogram
                noir_times_seconds_bucket{how="well",le="0.1"} 0
                noir_times_seconds_bucket{how="well",le="1.0"} 1
                noir_times_seconds_bucket{how="well",le="+Inf"} 2
                noir_times_seconds_count{how="well"} 2
                noir_times_seconds_sum{how="well"} 7.5
                """,
                metrics.print());
    }

    @Test
    void oneNumberForEachValueOfALabel() {
        metrics.add(page -> page.gauges(
                        "noir_busy",
                        "Share",
                        "loop",
                        List.of(new MetricsPage.Labelled("0", 0.5), new MetricsPage.Labelled("1", 0)))
                .counters("noir_cpu_total", "Sum", "loop", List.of(new MetricsPage.Labelled("0", 2))));

        assertEquals(
                """
                # HELP noir_busy Share
                # TYPE noir_busy gauge
                noir_busy{loop="0"} 0.5
                noir_busy{loop="1"} 0.0
                # HELP noir_cpu_total Sum
                # TYPE noir_cpu_total counter
                noir_cpu_total{loop="0"} 2.0
                """,
                metrics.print());
    }

    @Test
    void openMetricsForWhoAsksForIt() throws IOException {
        metrics.add(page -> page.counter("noir_packets_total", "Packets forwarded", 7));
        Metrics.Format asked = Metrics.Format.of("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        asked.write(metrics, text);

        assertEquals(
                """
                # TYPE noir_packets counter
                # HELP noir_packets Packets forwarded
                noir_packets_total 7.0
                # EOF
                """,
                text.toString(StandardCharsets.UTF_8));
        assertTrue(asked.contentType().startsWith("application/openmetrics-text"), asked.contentType());
        assertNotEquals(asked, Metrics.Format.of("text/html,*/*"));
        assertTrue(Metrics.Format.of(null).contentType().startsWith("text/plain; version=0.0.4"));
    }

    /** Undeploying would leave it behind. */
    @Test
    void theLibraryStartsNoThread() {
        metrics.spread("noir_times_seconds", "So long", List.of(0.1), List.of(), List.of())
                .add(1);
        metrics.print();

        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("prometheus")));
    }
}
