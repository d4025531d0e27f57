package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.event.PeerJoined;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whoever follows misses nothing, has nothing twice, and can stop. */
final class FollowedLogTest {
    private static final RoomId ROOM = new RoomId("r");
    private static final RoomLease LEASE = new RoomLease(ROOM, "a", 1);

    private final FakeScheduler time = new FakeScheduler();
    private final MemoryEventStore store =
            new MemoryEventStore(new LogLimits(10_000, Duration.ofHours(1)), time::nanoTime);
    private final FollowedLog log = new FollowedLog(store, Runnable::run, time);
    private final List<Long> told = new ArrayList<>();
    private long last;

    private void write(int count) {
        List<LoggedEvent> events = new ArrayList<>();
        long before = last;
        for (int i = 0; i < count; i++) {
            events.add(LoggedEvent.of(++last, Instant.EPOCH, new PeerJoined("r", 0, "p" + last, "")));
        }
        store.append(List.of(new EventBatch(LEASE, before, events, true, Map.of(), false)));
    }

    private EventLog.Following follow(long from) {
        return log.follow(ROOM, from, event -> told.add(event.number()));
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void tellsWhatThereIsAndThenWhatIsWrittenHere() {
        write(1000);
        follow(3);
        write(2);
        log.written(ROOM);
        log.written(ROOM);
        log.written(new RoomId("another"));

        assertEquals(numbers(3, 1002), told);
    }

    @Test
    void findsWhatOtherNodesHaveWritten() {
        follow(0);
        write(2);
        assertEquals(List.of(), told);
        time.advance(FollowedLog.LOOK);
        assertEquals(numbers(1, 2), told);
        for (int i = 0; i < 10; i++) {
            log.written(ROOM);
        }
        assertEquals(1, time.pending());
    }

    @Test
    void whoHasStoppedIsToldNothing() {
        EventLog.Following following = follow(1);
        following.close();
        write(1);
        log.written(ROOM);
        time.advance(Duration.ofMinutes(1));

        assertEquals(List.of(), told);
        assertEquals(0, time.pending());
    }

    @Test
    void whoFailsIsLetGoAndNobodyElse() {
        log.follow(ROOM, 1, event -> {
            throw new IllegalStateException("thrown by the test");
        });
        follow(1);
        write(3);
        log.written(ROOM);
        time.advance(Duration.ofMinutes(1));

        assertEquals(numbers(1, 3), told);
        assertEquals(1, time.pending());
    }

    @Test
    void notEverybodyCanFollow() {
        for (int i = 0; i < FollowedLog.MAX_FOLLOWERS; i++) {
            follow(1);
        }

        assertThrows(RoomException.class, () -> follow(1));
    }

    @Test
    void whatWasCanBeReadAgain() throws Exception {
        write(3000);

        assertEquals(
                numbers(7, 9),
                log.replay(ROOM, 7, 3).toCompletableFuture().get().stream()
                        .map(LoggedEvent::number)
                        .toList());
        assertEquals(
                EventLog.MAX_REPLAYED,
                log.replay(ROOM, 1, Integer.MAX_VALUE)
                        .toCompletableFuture()
                        .get()
                        .size());
    }
}
