package dev.noir.history;

import dev.noir.room.PeerName;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.RoomId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A peer in a room, from its coming to its leaving. Not thread-safe. */
final class Stay {
    // Given.
    private final RoomId room;
    private final PeerName peer;
    private final long joined;
    private final int slot;

    // Owned.
    private final Meter meter = new Meter();
    private final Samples samples;

    private final Incidents incidents;

    // State.
    private boolean seen;
    private OptionalLong left = OptionalLong.empty();

    /**
     * @param joined ms since 1970
     * @param slot when in a step its samples are taken
     * @param length how many are kept
     */
    Stay(RoomId room, PeerName peer, long joined, int slot, int length) {
        this.room = room;
        this.peer = peer;
        this.joined = joined;
        this.slot = slot;
        this.samples = new Samples(length);
        this.incidents = new Incidents(peer.value());
    }

    RoomId room() {
        return room;
    }

    PeerName peer() {
        return peer;
    }

    int slot() {
        return slot;
    }

    void add(long at, PeerSnapshot snapshot) {
        if (!seen && snapshot.resumed()) {
            incidents.note(
                    joined,
                    Span.Kind.MOVED,
                    "the room came here from another server, and with it " + peer
                            + ": what was before is not told here");
        }
        seen = true;
        Sample sample = meter.sample(at, snapshot);
        samples.add(sample);
        incidents.look(sample, meter.countedLossDown().isPresent(), snapshot);
    }

    /** The room goes on elsewhere. */
    void move(long at) {
        incidents.note(at, Span.Kind.MOVED, "the room went to another server: what comes later is told there");
    }

    /** The room's server is on its way out. */
    void drain(long at) {
        incidents.drain(at);
    }

    void end(long at) {
        incidents.end(at);
        left = OptionalLong.of(at);
    }

    /** Some of it is between two times. */
    boolean overlaps(long from, long to) {
        return joined < to && left.orElse(Long.MAX_VALUE) >= from;
    }

    boolean isOver(long before) {
        return left.isPresent() && left.getAsLong() < before;
    }

    Timeline timeline(long from, long to, int stepMillis) {
        return new Timeline(joined, left, stepMillis, samples.between(from, to), spans(from, to));
    }

    private List<Span> spans(long from, long to) {
        return incidents.all().stream()
                .filter(span -> span.from() < to && span.to().orElse(Long.MAX_VALUE) >= from)
                .toList();
    }

    /** Of one that is over. */
    Departed departed() {
        List<Span> spans = incidents.all();
        Optional<Span.Severity> worst = spans.stream().map(Span::severity).max(Comparator.naturalOrder());
        return new Departed(peer.value(), joined, left.orElse(joined), spans.size(), worst);
    }
}
