package dev.noir.history;

import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomMoved;
import dev.noir.room.PeerName;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the connections of the peers of this node's rooms have done of late, and for a while what those have done who have
 * left. A peer is looked at once in a step; peers take turns in it, so that no loop is asked for many at once. Thread: any; all that
 * is here is quick.
 */
public final class History implements RoomEvents, AutoCloseable {
    /** From a peer's sample to its next one. */
    public static final Duration STEP = Duration.ofSeconds(5);

    /** Who has left is remembered for so long, and so many of them. */
    static final Duration KEEP = Duration.ofHours(1);

    static final int MAX_DEPARTED = 1000;

    // A step has so many turns, with so many peers of one room.
    private static final int SLOTS = 50;
    private static final Duration TURN = STEP.dividedBy(SLOTS);
    private static final int PEERS_OF_ROOM = 16;

    /** Port: where samples come from. */
    public interface Source {
        /** As {@link dev.noir.room.RoomService#snapshots}. */
        void snapshots(RoomId room, List<PeerName> peers, Consumer<PeerSnapshot> each);
    }

    /** A room that is open here. */
    private static final class OpenRoom {
        final int slot;
        final Map<String, Stay> stays = new HashMap<>();
        int joined;

        OpenRoom(int slot) {
            this.slot = slot;
        }
    }

    // Given.
    private final int length;
    private final Scheduler scheduler;
    private final InstantSource clock;

    // State, guarded by this.
    private final Map<String, OpenRoom> rooms = new HashMap<>();
    private final List<Set<Stay>> slots = new ArrayList<>();
    private final Deque<Stay> departed = new ArrayDeque<>(); // In the order of leaving.
    private @Nullable Source source;
    private Scheduler.@Nullable Timer timer;
    private long due;
    private int turn;
    private int opened;
    private boolean draining;
    private boolean closed;

    /** @param length how far back samples reach; zero: nothing is remembered */
    public History(Duration length, Scheduler scheduler, InstantSource clock) {
        this.length = (int) (length.toMillis() / STEP.toMillis());
        this.scheduler = scheduler;
        this.clock = clock;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new LinkedHashSet<>());
        }
    }

    /** Samples are taken from now on. */
    public synchronized void start(Source from) {
        source = from;
        watch();
    }

    @Override
    public void happened(RoomEvent event) {
        if (length == 0) {
            return;
        }
        synchronized (this) {
            if (event instanceof PeerJoined joined) {
                joined(joined);
            } else if (event instanceof PeerLeft left) {
                left(left);
            } else if (event instanceof RoomMoved) {
                OpenRoom room = rooms.get(event.room());
                if (room != null) {
                    room.stays.values().forEach(stay -> stay.move(clock.millis()));
                }
            } else if (event instanceof RoomClosed) {
                rooms.remove(event.room());
            }
        }
    }

    /** This node takes no new rooms any more, and gives away those that it has. */
    public synchronized void drain() {
        draining = true;
        rooms.values().forEach(room -> room.stays.values().forEach(stay -> stay.drain(clock.millis())));
    }

    private void joined(PeerJoined event) {
        OpenRoom room = rooms.computeIfAbsent(event.room(), name -> new OpenRoom(opened++ % SLOTS));
        int slot = (room.slot + room.joined++ / PEERS_OF_ROOM) % SLOTS;
        Stay stay = new Stay(new RoomId(event.room()), new PeerName(event.peer()), clock.millis(), slot, length);
        if (draining) {
            stay.drain(clock.millis());
        }
        room.stays.put(event.peer(), stay);
        slots.get(slot).add(stay);
        watch();
    }

    private void left(PeerLeft event) {
        OpenRoom room = rooms.get(event.room());
        Stay stay = room == null ? null : room.stays.remove(event.peer());
        if (stay != null) {
            slots.get(stay.slot()).remove(stay);
            stay.end(clock.millis());
            departed.addLast(stay);
            forget();
        }
    }

    private void forget() {
        long before = clock.millis() - KEEP.toMillis();
        while (departed.size() > MAX_DEPARTED
                || (!departed.isEmpty() && departed.getFirst().isOver(before))) {
            departed.removeFirst();
        }
    }

    /** As long as there is somebody. */
    private void watch() {
        if (timer == null && !closed && isAnybodyThere() && source != null) {
            due = scheduler.nanoTime();
            schedule();
        }
    }

    private boolean isAnybodyThere() {
        for (Set<Stay> slot : slots) {
            if (!slot.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Turns with nobody in them wake no thread up. There is somebody. */
    private void schedule() {
        int turns = 1;
        for (; slots.get(turn).isEmpty(); turns++) {
            turn = (turn + 1) % SLOTS;
        }
        long now = scheduler.nanoTime();
        due = Math.max(due + turns * TURN.toNanos(), now); // After a pause, turns are not made up for.
        timer = scheduler.schedule(Duration.ofNanos(due - now), this::takeTurn);
    }

    private void takeTurn() {
        Map<RoomId, List<PeerName>> peers = new LinkedHashMap<>();
        Source asked;
        synchronized (this) {
            timer = null;
            asked = source;
            if (closed || asked == null) {
                return;
            }
            for (Stay stay : slots.get(turn)) {
                peers.computeIfAbsent(stay.room(), room -> new ArrayList<>()).add(stay.peer());
            }
            turn = (turn + 1) % SLOTS;
            forget();
            if (isAnybodyThere()) {
                schedule();
            }
        }
        peers.forEach((room, names) -> asked.snapshots(room, names, snapshot -> taken(room, snapshot)));
    }

    private synchronized void taken(RoomId id, PeerSnapshot snapshot) {
        OpenRoom room = rooms.get(id.value());
        Stay stay = room == null ? null : room.stays.get(snapshot.name().value());
        if (stay != null) {
            stay.add(clock.millis(), snapshot);
        }
    }

    /**
     * The last stay of a peer between two times, with what was then.
     *
     * @param from ms since 1970
     * @param to ms since 1970, not included
     */
    public synchronized Optional<Timeline> timeline(RoomId room, PeerName peer, long from, long to) {
        Stay found = null;
        for (Stay stay : stays(room)) {
            if (stay.peer().equals(peer) && stay.overlaps(from, to)) {
                found = stay;
            }
        }
        return Optional.ofNullable(found).map(stay -> stay.timeline(from, to, (int) STEP.toMillis()));
    }

    /** In the order of leaving, then those who are there. */
    private List<Stay> stays(RoomId id) {
        forget();
        List<Stay> all = new ArrayList<>(past(id));
        OpenRoom room = rooms.get(id.value());
        if (room != null) {
            all.addAll(room.stays.values());
        }
        return all;
    }

    private Collection<Stay> past(RoomId id) {
        return departed.stream().filter(stay -> stay.room().equals(id)).toList();
    }

    /** Who was in a room, open or not, and has left it; in the order of leaving. */
    public synchronized List<Departed> departed(RoomId room) {
        forget();
        return past(room).stream().map(Stay::departed).toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
