package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.PeerJoined;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomOpened;
import dev.noir.event.Track;
import dev.noir.eventlog.EventStore.Outcome;
import dev.noir.eventlog.EventStore.Written;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of logs does. */
public abstract class EventStoreContract {
    protected static final LogLimits LIMITS = new LogLimits(200, Duration.ofHours(1));
    protected static final RoomId ROOM = new RoomId("a room {1} %");

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Attendance ANNA = new Attendance("anna@x", List.of(new Track("s \"1\"", "t", "audio")));

    private EventStore a;
    private EventStore b;
    private RoomLease lease;

    /** Two that are made for nodes of one cluster. */
    protected abstract EventStore store(String node);

    protected abstract RoomDirectory directory(String node);

    /** As if their holders had died. */
    protected abstract void forgetLeases();

    @BeforeEach
    void begin() {
        a = store("a");
        b = store("b");
        lease = directory("a").claim(ROOM);
    }

    private static EventBatch batch(RoomLease lease, long before, int count) {
        List<LoggedEvent> events = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            RoomEvent event = i == 1 ? new RoomOpened(ROOM.value(), 0) : new PeerJoined(ROOM.value(), 0, "p" + i, "");
            events.add(LoggedEvent.of(before + i, TIME, event));
        }
        return new EventBatch(lease, before, events, true, Map.of(), false);
    }

    private static Written append(EventStore store, EventBatch batch) {
        return store.append(List.of(batch)).get(0);
    }

    @Test
    void whatIsWrittenCanBeReadByAll() {
        assertEquals(Optional.of(Roll.EMPTY), a.open(lease));
        EventBatch batch = batch(lease, 0, 5);
        assertEquals(new Written(Outcome.WRITTEN, 5), append(a, batch));

        assertEquals(batch.events(), b.read(ROOM, 1, 100));
        assertEquals(batch.events().subList(2, 4), b.read(ROOM, 3, 2));
        assertEquals(List.of(), b.read(ROOM, 6, 2));
        assertEquals(List.of(), b.read(new RoomId("another"), 1, 2));
        assertEquals(List.of(ROOM), b.written(Duration.ofMinutes(1)));
    }

    @Test
    void aBatchIsWrittenOnce() {
        a.open(lease);
        append(a, batch(lease, 0, 5));

        assertEquals(new Written(Outcome.ELSEWHERE, 5), append(a, batch(lease, 0, 5)));
        assertEquals(5, a.read(ROOM, 1, 100).size());
    }

    @Test
    void theRollGoesToWhoHasTheRoomNext() {
        a.open(lease);
        append(
                a,
                new EventBatch(
                        lease,
                        0,
                        batch(lease, 0, 2).events(),
                        true,
                        Map.of("anna", Optional.of(ANNA), "x", Optional.of(ANNA)),
                        false));
        append(a, new EventBatch(lease, 2, batch(lease, 2, 1).events(), true, Map.of("x", Optional.empty()), false));
        forgetLeases();
        RoomLease next = directory("b").claim(ROOM);

        assertEquals(Optional.of(new Roll(3, true, Map.of("anna", ANNA))), b.open(next));
    }

    @Test
    void whoIsDeposedCanWriteNothing() {
        a.open(lease);
        append(a, batch(lease, 0, 2));
        forgetLeases();
        RoomLease next = directory("b").claim(ROOM);
        b.open(next);

        assertEquals(Outcome.DEPOSED, append(a, batch(lease, 2, 2)).outcome());
        assertEquals(
                Outcome.DEPOSED,
                append(a, new EventBatch(lease, 9, List.of(), true, Map.of(), true))
                        .outcome());
        assertEquals(Optional.empty(), a.open(lease));
        assertEquals(new Written(Outcome.WRITTEN, 3), append(b, batch(next, 2, 1)));
        assertTrue(directory("b").release(next));
        assertEquals(Outcome.DEPOSED, append(a, batch(lease, 3, 1)).outcome());
        assertEquals(3, a.read(ROOM, 1, 100).size());
    }

    @Test
    void whoHasGivenTheRoomUpMayEndWhatHeBegan() {
        a.open(lease);
        append(a, batch(lease, 0, 2));
        assertTrue(directory("a").release(lease));

        assertEquals(new Written(Outcome.WRITTEN, 3), append(a, batch(lease, 2, 1)));
        RoomLease next = directory("b").claim(ROOM);
        assertEquals(3, b.open(next).orElseThrow().last());
        assertEquals(Outcome.DEPOSED, append(a, batch(lease, 3, 1)).outcome());
    }

    @Test
    void numbersGoOnWhenTheStoreHasLostThem() {
        a.open(lease);
        Map<String, Optional<Attendance>> all = Map.of("anna", Optional.of(ANNA));
        EventBatch batch = new EventBatch(lease, 70, batch(lease, 70, 2).events(), true, all, false);
        assertEquals(new Written(Outcome.ELSEWHERE, 0), append(a, batch));

        assertEquals(
                new Written(Outcome.WRITTEN, 72),
                append(a, new EventBatch(lease, 70, batch.events(), true, all, true)));
        assertEquals(batch.events(), a.read(ROOM, 1, 100));
        forgetLeases();
        assertEquals(
                Optional.of(new Roll(72, true, Map.of("anna", ANNA))),
                b.open(directory("b").claim(ROOM)));
    }

    @Test
    void theOldestAreForgotten() {
        a.open(lease);
        for (int i = 0; i < 20; i++) {
            append(a, batch(lease, i * 50L, 50));
        }
        List<LoggedEvent> left = a.read(ROOM, 1, 1000);

        // A stream is cut where its nodes of a hundred entries end.
        assertTrue(left.size() >= LIMITS.length() && left.size() <= LIMITS.length() + 100, "" + left.size());
        assertEquals(1000, left.get(left.size() - 1).number());
    }
}
