package dev.noir.history;

import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.room.FakeScheduler;
import dev.noir.room.PeerName;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.RoomId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A history of rooms whose peers do what the test says. The clock begins at 1970. */
final class HistoryFixture implements History.Source {
    final FakeScheduler scheduler = new FakeScheduler();
    final History history;

    /** What peers are doing, by name; who is missing is not looked at. */
    final Map<String, PeerSnapshot> doing = new HashMap<>();

    int asked;
    private long sequence;

    HistoryFixture(Duration length) {
        history = new History(length, scheduler, () -> Instant.EPOCH.plusNanos(scheduler.nanoTime()));
        history.start(this);
    }

    @Override
    public void snapshots(RoomId room, List<PeerName> peers, Consumer<PeerSnapshot> each) {
        asked += peers.size();
        for (PeerName peer : peers) {
            PeerSnapshot snapshot = doing.get(peer.value());
            if (snapshot != null) {
                each.accept(snapshot);
            }
        }
    }

    void join(String room, String peer) {
        history.happened(new PeerJoined(room, ++sequence, peer, ""));
        doing.computeIfAbsent(peer, Snapshots::idle);
    }

    void leave(String room, String peer) {
        history.happened(new PeerLeft(room, ++sequence, peer, ""));
    }

    void step() {
        scheduler.advance(History.STEP);
    }

    Timeline timeline(String room, String peer) {
        return history.timeline(new RoomId(room), new PeerName(peer), 0, Long.MAX_VALUE)
                .orElseThrow();
    }
}
