package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.event.RoomOpened;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract, in memory. */
final class MemoryEventStoreTest extends EventStoreContract {
    private final MemoryEventStore store = new MemoryEventStore(LIMITS, () -> 0);
    private final LocalRoomDirectory.Shared shared = new LocalRoomDirectory.Shared();

    @Override
    protected EventStore store(String node) {
        return store;
    }

    @Override
    protected RoomDirectory directory(String node) {
        return new LocalRoomDirectory(node, shared);
    }

    @Override
    protected void forgetLeases() {
        shared.expire("a");
        shared.expire("b");
    }

    @Test
    void allRoomsTogetherTakeNoMoreThanTheirShareOfTheHeap() {
        int rooms = MemoryEventStore.MAX_EVENTS / LIMITS.length() + 2;
        for (int i = 0; i < rooms; i++) {
            fill("room " + i, i != 0);
        }

        assertEquals(List.of(), store.read(new RoomId("room 0"), 1, 1));
        assertEquals(List.of(), store.read(new RoomId("room 1"), 1, 1));
        assertEquals(1, store.read(new RoomId("room 2"), 1, 1).size());
        // The first has ended and is forgotten; the second one is open, and its numbers go on.
        assertEquals(
                0,
                store.open(directory("a").claim(new RoomId("room 0")))
                        .orElseThrow()
                        .last());
        assertEquals(
                LIMITS.length(),
                store.open(directory("b").claim(new RoomId("room 1")))
                        .orElseThrow()
                        .last());
    }

    private void fill(String name, boolean open) {
        LoggedEvent event = LoggedEvent.of(1, Instant.EPOCH, new RoomOpened(name, 0));
        List<LoggedEvent> events = LongStream.rangeClosed(1, LIMITS.length())
                .mapToObj(number -> new LoggedEvent(name, number, event.time(), event.type(), event.json()))
                .toList();
        store.append(List.of(new EventBatch(directory("a").claim(new RoomId(name)), 0, events, open, Map.of(), false)));
    }
}
