package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.MediaSample;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.TransportState;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds out when a peer's two connections were not there, or went over TCP. Not thread-safe. */
final class ConnectionWatch {
    private static final int CONNECTING_SAMPLES = 3;
    private static final double MILLIS = 1000;

    // Given.
    private final String peer;

    // Owned.
    private final Watch lost;
    private final Watch missing;
    private final Watch tcp;

    // State.
    private boolean hadUdp;

    ConnectionWatch(String peer, Consumer<Span> ended) {
        this.peer = peer;
        this.lost = new Watch(Kind.DISCONNECTED, 1, 1, ended);
        this.missing = new Watch(Kind.DISCONNECTED, CONNECTING_SAMPLES, 1, ended);
        this.tcp = new Watch(Kind.TCP, 1, 1, ended);
    }

    Stream<Watch> watches() {
        return Stream.of(lost, missing, tcp);
    }

    void look(Sample sample, PeerSnapshot snapshot) {
        boolean sends = is(snapshot.publisher(), TransportState.DISCONNECTED);
        boolean gets = is(snapshot.subscriber(), TransportState.DISCONNECTED);
        if (sends || gets) {
            lost.trouble(sample.at(), Severity.BAD, which(sends, gets) + " was lost");
        } else if (sample.path().isPresent() && lost.isTroubled()) {
            boolean overTcp = sample.path().get() == Sample.Path.TCP;
            lost.fine(
                    sample.at(),
                    "the connection of " + peer + " was lost for "
                            + Math.round((sample.at() - lost.since()) / MILLIS)
                            + " s, and came back over " + (overTcp ? "TCP" : "UDP"));
        }
        lookForMissing(sample, snapshot);
        lookForTcp(sample);
    }

    private String which(boolean sends, boolean gets) {
        if (sends && gets) {
            return "the connection of " + peer;
        }
        return "the connection on which " + peer + (sends ? " sends" : " receives");
    }

    private void lookForMissing(Sample sample, PeerSnapshot snapshot) {
        boolean sends = is(snapshot.publisher(), TransportState.CONNECTING);
        boolean gets = is(snapshot.subscriber(), TransportState.CONNECTING);
        if (sends && (gets || snapshot.subscriber().isEmpty())) {
            missing.trouble(
                    sample.at(),
                    Severity.BAD,
                    "no connection with " + peer
                            + " came about: its network lets neither UDP nor TCP through, or its page has stopped");
        } else if (sends || gets) {
            missing.trouble(sample.at(), Severity.BAD, which(sends, gets) + " did not come about");
        } else {
            missing.fine(sample.at());
        }
    }

    private static boolean is(Optional<MediaSample> connection, TransportState state) {
        return connection.filter(sample -> sample.state() == state).isPresent();
    }

    private void lookForTcp(Sample sample) {
        if (sample.path().isEmpty()) {
            return; // That is another span, and the path after it may be the one from before.
        }
        if (sample.path().get() == Sample.Path.TCP) {
            tcp.trouble(
                    sample.at(),
                    Severity.WARNING,
                    hadUdp
                            ? "UDP between " + peer + " and the server got lost: media went over TCP"
                            : "media of " + peer + " went over TCP: no UDP got through");
        } else {
            hadUdp = true;
            tcp.fine(sample.at());
        }
    }
}
