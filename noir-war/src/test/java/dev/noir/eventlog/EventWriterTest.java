package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.JobFailed;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomOpened;
import dev.noir.lease.LeaseKeeper;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of events while the store is away, and of too many of them. */
final class EventWriterTest {
    private static final RoomId ROOM = new RoomId("r");

    private final FakeScheduler time = new FakeScheduler();
    private final LeaseKeeper leases = new LeaseKeeper(new LocalRoomDirectory("a"));
    private final MemoryEventStore memory =
            new MemoryEventStore(new LogLimits(100_000, Duration.ofHours(1)), time::nanoTime);
    private final List<RoomId> written = new ArrayList<>();
    private boolean away;

    private final EventStore store = new EventStore() {
        @Override
        public Optional<Roll> open(RoomLease lease) {
            check();
            return memory.open(lease);
        }

        @Override
        public List<Written> append(List<EventBatch> batches) {
            check();
            return memory.append(batches);
        }

        @Override
        public List<LoggedEvent> read(RoomId room, long from, int limit) {
            check();
            return memory.read(room, from, limit);
        }

        @Override
        public List<RoomId> written(Duration within) {
            check();
            return memory.written(within);
        }

        private void check() {
            if (away) {
                throw new RoomException(RoomException.Code.UNAVAILABLE, "away");
            }
        }
    };

    private final EventWriter writer = new EventWriter(
            store,
            leases::kept,
            written::add,
            time,
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            EventWriter.Times.of(new LogLimits(0, Duration.ofHours(1))));

    private void open() {
        leases.claim(ROOM);
        tell(new RoomOpened("r", 1));
    }

    private void tell(RoomEvent event) {
        writer.happened(event);
    }

    private void joinAndLeave(String peer) {
        tell(new PeerJoined("r", 0, peer, ""));
        tell(new PeerLeft("r", 0, peer, ""));
    }

    private void write() {
        for (int i = 0; i < 1000; i++) {
            writer.step();
        }
    }

    private List<LoggedEvent> log() {
        return memory.read(ROOM, 1, Integer.MAX_VALUE);
    }

    private List<String> types() {
        return log().stream().map(LoggedEvent::type).toList();
    }

    @Test
    void aFailedJobIsWrittenInWords() {
        open();
        tell(new JobFailed("r", 0, "a/1", "PlayFile", "there is no file"));
        write();

        LoggedEvent last = memory.read(ROOM, 2, 10).get(0);
        assertEquals("job.failed", last.type());
        String data = last.json().substring(last.json().indexOf("\"data\""));
        assertEquals(
                "\"data\":{\"room\":\"r\",\"number\":2,\"job\":\"a/1\",\"kind\":\"PlayFile\",\"failure\":\"there is no file\"}}",
                data);
    }

    @Test
    void whatHappensWhileTheStoreIsAwayIsWrittenWhenItIsBack() {
        away = true;
        open();
        joinAndLeave("p");
        time.advance(Duration.ofSeconds(7));
        write();
        assertEquals(3, writer.waiting());
        assertEquals(Duration.ofSeconds(7), writer.lag());
        away = false;
        write();

        assertEquals(List.of("room.opened", "peer.joined", "peer.left"), types());
        assertEquals(0, writer.waiting());
        assertEquals(3, writer.written());
        assertFalse(written.isEmpty());
    }

    @Test
    void tooMuchIsLeftOutAndMadeUpFor() {
        away = true;
        open();
        tell(new PeerJoined("r", 0, "stays", ""));
        for (int i = 0; i < EventWriter.MAX_WAITING_EACH; i++) {
            joinAndLeave("p" + i);
        }
        tell(new PeerJoined("r", 0, "late", ""));
        assertEquals(EventWriter.MAX_WAITING_EACH, writer.waiting());
        away = false;
        write();

        List<LoggedEvent> log = log();
        LogCheck.check(log);
        LoggedEvent lost = log.get(EventWriter.MAX_WAITING_EACH);
        assertEquals("events.lost", lost.type());
        assertTrue(lost.json().contains("\"count\":" + (EventWriter.MAX_WAITING_EACH + 3)), lost.json());
        assertEquals("peer.joined", log.get(log.size() - 1).type());
        tell(new PeerLeft("r", 0, "late", ""));
        tell(new PeerLeft("r", 0, "stays", ""));
        tell(new RoomClosed("r", 0));
        write();
        LogCheck.checkEnded(log());
    }

    @Test
    void aRoomThatIsOpenedTwiceIsWrittenInOrder() {
        away = true;
        for (int i = 0; i < 3; i++) {
            open();
            joinAndLeave("p");
            tell(new RoomClosed("r", 0));
            leases.kept(ROOM).ifPresent(leases::release);
        }
        away = false;
        write();

        LogCheck.checkEnded(log());
        assertEquals(12, log().size());
    }

    @Test
    void anOpenRoomInWhichNothingHappensIsNotForgotten() {
        open();
        write();
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMinutes(30));
            write();
        }

        assertEquals(List.of(ROOM), memory.written(Duration.ofMinutes(30)));
        assertEquals(List.of("room.opened"), types());
    }
}
