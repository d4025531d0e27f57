package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.PeerSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a stay's samples mean. Not thread-safe. */
final class Incidents {
    /** Of one stay; the first ones are forgotten. */
    static final int MAX_ENDED = 100;

    // Owned.
    private final PictureWatch pictures;
    private final LineWatch line;
    private final ConnectionWatch connection;
    private final StreamWatch streams;
    private final BreakWatch breaks;
    private final UplinkWatch uplink;
    private final Watch draining;

    // State.
    private final Deque<Span> ended = new ArrayDeque<>();

    Incidents(String peer) {
        this.pictures = new PictureWatch(peer, this::add);
        this.line = new LineWatch(peer, this::add);
        this.connection = new ConnectionWatch(peer, this::add);
        this.streams = new StreamWatch(peer, this::add);
        this.breaks = new BreakWatch(peer, this::add);
        this.uplink = new UplinkWatch(peer, this::add);
        this.draining = new Watch(Kind.DRAINING, 1, 1, this::add);
    }

    private void add(Span span) {
        if (ended.size() == MAX_ENDED) {
            ended.removeFirst();
        }
        ended.addLast(span);
    }

    /** @param counted whether the sample's loss towards the peer is of all that was sent since the sample before */
    void look(Sample sample, boolean counted, PeerSnapshot snapshot) {
        connection.look(sample, snapshot);
        line.look(sample, counted);
        pictures.look(sample, snapshot);
        streams.look(sample, snapshot);
        breaks.look(sample, snapshot);
        uplink.look(sample, snapshot);
    }

    /** From now on the server is on its way out. */
    void drain(long at) {
        if (!draining.isTroubled()) {
            draining.trouble(
                    at,
                    Severity.INFO,
                    "the room's server is being taken out of service: the room goes to another server, if there is one");
        }
    }

    /** Something that takes no time. */
    void note(long at, Kind kind, String says) {
        add(new Span(at, OptionalLong.of(at), kind, Severity.INFO, Optional.empty(), Optional.empty(), says));
    }

    void end(long at) {
        watches().forEach(watch -> watch.end(at));
    }

    private Stream<Watch> watches() {
        return Stream.of(
                        pictures.watches(),
                        line.watches(),
                        connection.watches(),
                        streams.watches(),
                        breaks.watches(),
                        uplink.watches(),
                        Stream.of(draining))
                .flatMap(all -> all);
    }

    /** By when they began. */
    List<Span> all() {
        List<Span> all = new ArrayList<>(ended);
        watches().flatMap(watch -> watch.lasting().stream()).forEach(all::add);
        all.sort(Comparator.comparingLong(Span::from));
        return all;
    }
}
