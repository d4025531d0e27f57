package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.admin.Metrics;
import dev.noir.flight.FlightLog;
import dev.noir.media.CloseReason;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomEvents;
import dev.noir.sfu.Whose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoopMetricsTest {
    private static final long LIMIT_SECONDS = 10;

    private final List<String> told = new ArrayList<>();
    private final FlightLog flight = new FlightLog() {
        @Override
        public void joined(String room, String peer, String state, String path, Duration took) {}

        @Override
        public void published(String room, String peer, String stream, String kind) {}

        @Override
        public void mediaFailed(String room, String peer, int loop, String reason) {
            told.add(room + "/" + peer + " " + loop + " " + reason);
        }

        @Override
        public void tookOver(String room, String peer, boolean resumed, Duration took) {}

        @Override
        public void slowLoop(int loop, Duration took) {
            told.add(loop + " " + took);
        }

        @Override
        public void layerSwitched(
                String room, String peer, String publisher, String stream, String from, String to, String why) {}

        @Override
        public void whileRecording(Runnable look) {}

        @Override
        public void close() {}
    };
    private final Metrics metrics = new Metrics();
    private final FakeScheduler time = new FakeScheduler();

    private interface Use {
        void of(LoopMetrics loops) throws Exception;
    }

    private void use(Use use) throws Exception {
        Map<String, String> settings =
                Map.of("noir.media.port", "0", "noir.media.loops", "2", "noir.media.addresses", "127.0.0.1");
        try (TestNode node = new TestNode(settings, ContainerThreads.ofOurOwn(), RoomEvents.NONE)) {
            LoopMetrics loops = new LoopMetrics(node.media, metrics, flight, time);
            metrics.add(loops);
            use.of(loops);
        }
    }

    @Test
    void endsOfTransportsAreCountedByReason() throws Exception {
        use(loops -> {
            loops.ended(0, new Whose("r", "p"), CloseReason.CONSENT_EXPIRED);
            loops.ended(1, new Whose("r", "q"), CloseReason.DTLS_FAILED);
            loops.ended(1, new Whose("r", "q"), CloseReason.DTLS_CLOSED);
        });

        assertEquals(List.of("r/p 0 consent_expired", "r/q 1 dtls_failed"), told);
        String page = metrics.print();
        assertTrue(page.contains("noir_media_transport_ends_total{reason=\"dtls_closed\"} 1.0\n"), page);
        assertTrue(page.contains("noir_media_transport_ends_total{reason=\"bug\"} 0.0\n"), page);
    }

    @Test
    void everyLoopsAnswerIsTimed() throws Exception {
        use(loops -> CompletableFuture.allOf(loops.ask().toArray(CompletableFuture[]::new))
                .get(LIMIT_SECONDS, TimeUnit.SECONDS));

        assertTrue(metrics.print().contains("noir_media_loop_answer_seconds_count 2\n"), metrics.print());
        assertEquals(List.of(), told);
    }

    @Test
    void aLateAnswerIsAnEvent() throws Exception {
        use(loops -> {
            loops.answered(1, Duration.ofMillis(99));
            loops.answered(1, Duration.ofMillis(101));
        });

        assertEquals(List.of("1 PT0.101S"), told);
    }

    @Test
    void eachLoopHasItsShareOfAProcessor() throws Exception {
        use(loops -> {
            metrics.print();
            time.advance(Duration.ofSeconds(2));
            String page = metrics.print();

            assertTrue(page.contains("noir_media_loop_busy_ratio{loop=\"1\"} 0."), page);
            assertTrue(page.contains("noir_media_loop_cpu_seconds_total{loop=\"0\"} "), page);
        });
    }
}
