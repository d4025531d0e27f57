package dev.noir.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomOpened;
import dev.noir.eventlog.EventWriter;
import dev.noir.eventlog.EventWriterAccess;
import dev.noir.eventlog.LogLimits;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.eventlog.MemoryEventStore;
import dev.noir.lease.LeaseKeeper;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomId;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is lost and every room's events come in order, whatever the receiver does. */
final class WebhookDispatcherTest {
    private static final URI URL = URI.create("https://receiver.example.org/hook");
    private static final Signature SIGNATURE = new Signature(List.of("whsec_" + "A".repeat(32)));
    private static final LogLimits LIMITS = new LogLimits(100_000, Duration.ofDays(1));

    private final FakeScheduler time = new FakeScheduler();

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.parse("2026-03-01T10:00:00Z").plusNanos(time.nanoTime());
        }
    };

    private final MemoryEventStore log = new MemoryEventStore(LIMITS, time::nanoTime);
    private final WebhookStore positions = new MemoryWebhookStore();
    private final LeaseKeeper leases = new LeaseKeeper(new LocalRoomDirectory("a"));
    private final EventWriter writer = new EventWriter(
            log, leases::kept, room -> dispatcher().written(room), time, clock, EventWriter.Times.of(LIMITS));

    /** What it has had, by room: numbers as they came, repetitions left out. */
    private final Map<String, List<Long>> received = new HashMap<>();

    private final Set<String> ids = new HashSet<>();
    private final List<Map<String, String>> headers = new ArrayList<>();
    private final Map<CompletableFuture<WebhookSender.Answer>, String> underWay = new LinkedHashMap<>();

    private final WebhookSender receiver = (url, sent, body) -> {
        assertEquals(URL, url);
        CompletableFuture<WebhookSender.Answer> answer = new CompletableFuture<>();
        headers.add(sent);
        underWay.put(answer, body);
        return answer;
    };

    private WebhookDispatcher dispatcher = started(Set.of());

    private WebhookDispatcher started(Set<String> types) {
        return new WebhookDispatcher(
                List.of(new Webhook(URL, SIGNATURE, types)),
                log,
                positions,
                receiver,
                time,
                clock,
                new Random(1),
                LIMITS.keep());
    }

    private WebhookDispatcher dispatcher() {
        return dispatcher;
    }

    private void happens(String room, String peer) {
        if (leases.kept(new RoomId(room)).isEmpty()) {
            leases.claim(new RoomId(room));
            writer.happened(new RoomOpened(room, 0));
        }
        writer.happened(new PeerJoined(room, 0, peer, ""));
        writer.happened(new PeerLeft(room, 0, peer, ""));
        EventWriterAccess.step(writer);
    }

    private void answer(int status) {
        answer(status, "");
    }

    /** All that is under way. */
    private void answer(int status, String retryAfter) {
        Map<CompletableFuture<WebhookSender.Answer>, String> all = new LinkedHashMap<>(underWay);
        underWay.clear();
        all.forEach((answer, body) -> {
            if (status < 300) {
                receive(body);
            }
            answer.complete(new WebhookSender.Answer(status, retryAfter));
        });
        dispatcher.step();
    }

    private void receive(String body) {
        JsonObject data = Json.createReader(new StringReader(body)).readObject().getJsonObject("data");
        String room = data.getString("room");
        long number = data.getJsonNumber("number").longValue();
        if (ids.add(room + "/" + number)) {
            received.computeIfAbsent(room, name -> new ArrayList<>()).add(number);
        }
    }

    private void pass(Duration duration) {
        time.advance(duration);
        dispatcher.step();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void sendsOneAfterTheOtherSigned() {
        happens("r", "p");
        dispatcher.step();
        assertEquals(1, underWay.size());
        String body = underWay.values().iterator().next();
        Map<String, String> sent = headers.get(0);

        LoggedEvent first = log.read(new RoomId("r"), 1, 1).get(0);
        assertEquals(first.json(), body);
        assertEquals(WebhookDispatcher.messageId(first), sent.get("webhook-id"));
        assertEquals("1772359200", sent.get("webhook-timestamp"));
        assertEquals(SIGNATURE.of(sent.get("webhook-id"), 1772359200, body), sent.get("webhook-signature"));
        answer(204);
        answer(200);
        answer(200);
        assertEquals(Map.of("r", upTo(3)), received);
        assertEquals(
                3, new HashSet<>(headers.stream().map(h -> h.get("webhook-id")).toList()).size());
        assertEquals(0, dispatcher.waitingRooms());
    }

    @Test
    void aRedirectionIsNoSuccess() {
        happens("r", "p");
        dispatcher.step();
        answer(302);
        assertEquals(0, underWay.size());
        pass(Duration.ofSeconds(1));

        assertEquals(1, underWay.size());
        assertEquals(headers.get(0).get("webhook-id"), headers.get(1).get("webhook-id"));
    }

    @Test
    void waitsAsLongAsTheReceiverSays() {
        happens("r", "p");
        dispatcher.step();
        answer(503, "120");
        pass(Duration.ofSeconds(119));
        assertEquals(0, underWay.size());
        pass(Duration.ofSeconds(1));
        assertEquals(1, underWay.size());
    }

    @Test
    void oneRoomsTroubleDoesNotHoldUpAnother() {
        happens("r", "p");
        dispatcher.step();
        answer(500);
        happens("s", "p");
        dispatcher.step();
        answer(200);

        assertEquals(Map.of("s", upTo(1)), received);
    }

    @Test
    void whoIsGoneIsLeftInPeace() {
        happens("r", "p");
        dispatcher.step();
        answer(410);
        pass(Duration.ofHours(2));
        happens("r", "q");
        pass(Duration.ofHours(2));
        assertEquals(0, underWay.size());

        dispatcher = started(Set.of());
        pass(Duration.ofSeconds(1));
        assertEquals(0, underWay.size());
    }

    @Test
    void onlyWhatIsWantedIsSent() {
        dispatcher = started(Set.of("peer.left"));
        happens("r", "p");
        dispatcher.step();
        answer(200);
        happens("r", "q");
        dispatcher.step();
        answer(200);

        assertEquals(Map.of("r", List.of(3L, 5L)), received);
    }

    @Test
    void whoGoesOnBeginsWhereTheOtherEnded() {
        happens("r", "p");
        dispatcher.step();
        answer(200);
        answer(200);
        underWay.clear(); // It dies.
        dispatcher = started(Set.of());
        dispatcher.step();
        answer(200);

        assertEquals(Map.of("r", upTo(3)), received);
        assertEquals(4, headers.size());
        assertEquals(0, underWay.size());
    }

    @Test
    void aLogThatBeginsAnewIsSentFromItsBeginning() {
        happens("r", "p");
        dispatcher.step();
        answer(200);
        answer(200);
        answer(200);
        leases.kept(new RoomId("r")).ifPresent(leases::release);
        writer.happened(new RoomClosed("r", 0));
        EventWriterAccess.step(writer);
        dispatcher.step();
        answer(200);
        time.advance(Duration.ofDays(2));
        happens("other", "p"); // Which makes the store forget.
        assertEquals(List.of(), log.read(new RoomId("r"), 1, 10));
        ids.clear();
        received.clear();
        happens("r", "q");
        dispatcher.step();
        answer(200);
        answer(200);
        answer(200);

        assertEquals(upTo(3), received.get("r"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everythingArrivesInOrderThoughTheReceiverFailsHalfTheTimeAndIsAwayForAnHour(long seed) {
        Random random = new Random(seed);
        Map<String, Integer> told = new HashMap<>();
        for (int second = 0; second < 3 * 3600; second += 5) {
            boolean away = second > 3600 && second < 2 * 3600;
            if (second < 2 * 3600 && random.nextInt(3) == 0) {
                String room = "room" + random.nextInt(5);
                happens(room, "p" + second);
                told.merge(room, 1, Integer::sum);
            }
            if (random.nextInt(400) == 0) {
                underWay.clear();
                dispatcher = started(Set.of()); // Another node delivers.
            }
            pass(Duration.ofSeconds(5));
            for (int i = 0; i < 5; i++) {
                answerByChance(random, away);
            }
        }
        told.forEach((room, pairs) -> assertEquals(upTo(1 + 2L * pairs), received.get(room), room));
        assertTrue(headers.size() > ids.size(), "nothing was ever repeated");
    }

    private void answerByChance(Random random, boolean away) {
        if (away) {
            List.copyOf(underWay.keySet())
                    .forEach(answer -> answer.completeExceptionally(new IOException("connection refused")));
            underWay.clear();
            dispatcher.step();
        } else if (random.nextBoolean()) {
            answer(random.nextBoolean() ? 200 : 204);
        } else {
            answer(random.nextBoolean() ? 500 : 429, random.nextBoolean() ? "2" : "");
        }
    }
}
