package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.admin.Metrics;
import dev.noir.eventlog.EventWriter;
import dev.noir.eventlog.LogLimits;
import dev.noir.eventlog.MemoryEventStore;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomEvents;
import dev.noir.webhook.MemoryWebhookStore;
import dev.noir.webhook.WebhookDispatcher;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What dashboards and alerts ask for is there. */
final class MonitoringTest {
    private static final Path CONFIG = Path.of("..", "config");
    private static final Path DASHBOARD = CONFIG.resolve("grafana").resolve("noir.json");
    private static final Path ALERTS = CONFIG.resolve("prometheus").resolve("noir-alerts.yml");

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> printed() {
        return names("^noir_[a-z0-9_]+", page());
    }

    private static String page() {
        Map<String, String> settings =
                Map.of("noir.media.port", "0", "noir.media.loops", "1", "noir.media.addresses", "127.0.0.1");
        try (TestNode node = new TestNode(settings, ContainerThreads.ofOurOwn(), RoomEvents.NONE)) {
            addThoseOfEvents(node.metrics);
            return node.metrics.print();
        }
    }

    private static void addThoseOfEvents(Metrics metrics) {
        FakeScheduler time = new FakeScheduler();
        LogLimits limits = new LogLimits(100, Duration.ofHours(1));
        MemoryEventStore log = new MemoryEventStore(limits, time::nanoTime);
        Clock clock = Clock.systemUTC();
        metrics.add(new EventMetrics(
                new EventWriter(log, room -> Optional.empty(), room -> {}, time, clock, EventWriter.Times.of(limits))));
        metrics.add(new WebhookMetrics(new WebhookDispatcher(
                List.of(),
                log,
                new MemoryWebhookStore(),
                (url, headers, body) -> new CompletableFuture<>(),
                time,
                clock,
                new Random(1),
                limits.keep())));
    }

    @Test
    void everyMetricThatIsAskedForExists() throws IOException {
        Set<String> asked = names("\\bnoir_[a-z0-9_]+", Files.readString(DASHBOARD) + Files.readString(ALERTS));
        assertTrue(asked.size() > 20, asked.toString());
        asked.removeAll(printed());

        assertEquals(Set.of(), asked);
    }

    /** Others' dashboards and alerts use them: none goes unnoticed. */
    @Test
    void namesAndTypesAreThoseThatAreKnown() throws IOException {
        List<String> printed = Pattern.compile("^# TYPE (.*)$", Pattern.MULTILINE)
                .matcher(page())
                .results()
                .map(type -> type.group(1))
                .sorted()
                .toList();
        try (InputStream file = Objects.requireNonNull(MonitoringTest.class.getResourceAsStream("metric-names.txt"))) {
            List<String> known = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .sorted()
                    .toList();

            assertEquals(known, printed);
        }
    }

    @Test
    void theDashboardIsOne() throws IOException {
        try (Reader file = Files.newBufferedReader(DASHBOARD);
                JsonReader reader = Json.createReader(file)) {
            List<Integer> ids = reader.readObject().getJsonArray("panels").getValuesAs(JsonObject.class).stream()
                    .map(panel -> panel.getInt("id"))
                    .toList();

            assertEquals(ids.size(), Set.copyOf(ids).size());
        }
    }
}
