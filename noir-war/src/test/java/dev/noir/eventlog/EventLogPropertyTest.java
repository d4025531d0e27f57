package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.Track;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A room whose hosts die, give it away or are cut off, whose peers come and go and come along or not, over a store that fails before
 * or after it has written: its log has every number once, and all in pairs.
 */
final class EventLogPropertyTest {
    private static final RoomId ROOM = new RoomId("r");
    private static final int STEPS = 3000;
    private static final EventWriter.Times TIMES =
            new EventWriter.Times(Duration.ofSeconds(30), Duration.ofMinutes(10));

    private final FakeScheduler time = new FakeScheduler();
    private final LocalRoomDirectory.Shared leases = new LocalRoomDirectory.Shared();
    private final MemoryEventStore store =
            new MemoryEventStore(new LogLimits(1_000_000, Duration.ofDays(1)), time::nanoTime);
    private Random random = new Random();
    private boolean away;

    /** Fails often, and not always without having done what it was asked. */
    private final EventStore flaky = new EventStore() {
        @Override
        public Optional<Roll> open(RoomLease lease) {
            Optional<Roll> roll = fail() ? Optional.of(unavailable()) : store.open(lease);
            return fail() ? Optional.of(unavailable()) : roll;
        }

        @Override
        public List<Written> append(List<EventBatch> batches) {
            if (fail()) {
                throw away();
            }
            List<Written> written = store.append(batches);
            if (fail()) {
                throw away();
            }
            return written;
        }

        @Override
        public List<LoggedEvent> read(RoomId room, long from, int limit) {
            return store.read(room, from, limit);
        }

        @Override
        public List<RoomId> written(Duration within) {
            return store.written(within);
        }

        private boolean fail() {
            return away || random.nextInt(5) == 0;
        }

        private Roll unavailable() {
            throw away();
        }

        private RoomException away() {
            return new RoomException(RoomException.Code.UNAVAILABLE, "away");
        }
    };

    /** A node: its peers, by name, with their tracks. */
    private final class Host {
        private final LeaseKeeper keeper;
        private final EventWriter writer;
        private final Map<String, Set<Track>> peers = new LinkedHashMap<>();
        private boolean open;

        Host(String node) {
            keeper = new LeaseKeeper(new LocalRoomDirectory(node, leases));
            writer = new EventWriter(
                    flaky, keeper::kept, room -> {}, time, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), TIMES);
        }

        void tell(RoomEvent event) {
            writer.happened(event);
        }

        void open() {
            if (!open) {
                keeper.claim(ROOM);
                open = true;
                tell(new RoomOpened("r", 0));
            }
        }

        void join(String peer, Set<Track> tracks) {
            open();
            leave(peer);
            open();
            peers.put(peer, new LinkedHashSet<>());
            tell(new PeerJoined("r", 0, peer, ""));
            tracks.forEach(track -> toggle(peer, track));
        }

        void toggle(String peer, Track track) {
            Set<Track> tracks = peers.get(peer);
            if (tracks == null) {
                return;
            }
            if (tracks.add(track)) {
                tell(new TrackPublished("r", 0, peer, "", track));
            } else {
                tracks.remove(track);
                tell(new TrackUnpublished("r", 0, peer, "", track));
            }
        }

        void leave(String peer) {
            Set<Track> tracks = peers.get(peer);
            if (tracks == null) {
                return;
            }
            List.copyOf(tracks).forEach(track -> toggle(peer, track));
            peers.remove(peer);
            tell(new PeerLeft("r", 0, peer, ""));
            if (peers.isEmpty()) {
                close();
            }
        }

        private void close() {
            tell(new RoomClosed("r", 0));
            keeper.kept(ROOM).ifPresent(keeper::release);
            open = false;
        }

        /** The peers that it had. */
        Map<String, Set<Track>> giveAway() {
            Map<String, Set<Track>> had = new HashMap<>();
            peers.forEach((peer, tracks) -> had.put(peer, Set.copyOf(tracks)));
            keeper.kept(ROOM).ifPresent(keeper::release);
            tell(new RoomMoved("r", 0));
            List.copyOf(peers.keySet()).forEach(peer -> {
                peers.remove(peer);
                tell(new PeerLeft("r", 0, peer, ""));
            });
            tell(new RoomClosed("r", 0));
            open = false;
            return had;
        }
    }

    private int nodes;
    private Host host;
    private final List<Host> others = new ArrayList<>(); // That still write, if they may.

    private Host next() {
        return new Host("node" + nodes++);
    }

    private void takeOver(Map<String, Set<Track>> had) {
        host = next();
        had.forEach((peer, tracks) -> {
            if (random.nextInt(3) > 0) {
                host.join(peer, random.nextInt(4) > 0 ? tracks : Set.of());
            }
        });
    }

    private void act() {
        String peer = "p" + random.nextInt(6);
        switch (random.nextInt(40)) {
            case 0 -> { // Killed.
                leases.expire("node" + (nodes - 1));
                takeOver(host.giveAway());
            }
            case 1 -> { // Cut off, or gives it away: it goes on writing what it can.
                others.add(host);
                takeOver(host.giveAway());
            }
            case 2 -> away = !away && random.nextBoolean();
            case 3 -> time.advance(Duration.ofSeconds(random.nextInt(40)));
            case 4, 5, 6, 7, 8, 9 -> host.leave(peer);
            case 10, 11, 12, 13, 14, 15, 16, 17 -> host.join(peer, Set.of());
            case 18, 19, 20, 21, 22, 23 -> host.toggle(peer, new Track("s", "t" + random.nextInt(3), "audio"));
            case 24 -> others.forEach(other -> other.writer.step());
            default -> host.writer.step();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyNumberIsThereOnceAndAllComesInPairs(long seed) {
        random = new Random(seed);
        host = next();
        for (int i = 0; i < STEPS; i++) {
            act();
        }
        LogCheck.check(log());

        away = false;
        host.join("last", Set.of());
        List.copyOf(host.peers.keySet()).forEach(host::leave);
        for (int i = 0; i < 300; i++) {
            host.writer.step();
        }
        List<LoggedEvent> log = log();
        LogCheck.checkEnded(log);
        assertTrue(log.size() > 300, "too little happened: " + log.size());
    }

    private List<LoggedEvent> log() {
        return store.read(ROOM, 1, Integer.MAX_VALUE);
    }
}
