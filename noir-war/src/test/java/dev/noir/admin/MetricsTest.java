package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class MetricsTest {

    @Test
    void printsTheValuesOfNow() {
        Metrics metrics = new Metrics();
        AtomicLong rooms = new AtomicLong(1);
        metrics.add(page -> page.gauge("noir_rooms", "Rooms hosted by this node", rooms.get()));
        metrics.add(page -> page.counter("noir_packets_total", "Packets forwarded", 7));
        rooms.set(2);

        assertEquals(
                """
                # HELP noir_rooms Rooms hosted by this node
                # TYPE noir_rooms gauge
                noir_rooms 2
                # HELP noir_packets_total Packets forwarded
                # TYPE noir_packets_total counter
                noir_packets_total 7
                """,
                metrics.print());
    }
}
