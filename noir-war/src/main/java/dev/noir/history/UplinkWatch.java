package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Published;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds out when a peer sent much less than before because its line towards the server took no more. How much that is only the peer
 * knows; seen from here, it sends less from the moment on in which packets were lost or took long. Who sends less for another reason
 * (nobody wants more, a still picture) has no such moment. Not thread-safe.
 */
final class UplinkWatch {
    /** Samples: a minute, of which the middle is what the peer usually sends. */
    private static final int REMEMBERED = 12;

    private static final int ENOUGH = 3;

    /** bit/s. Of less, a half says nothing. */
    private static final long LEAST = 100_000;

    private static final double FALLEN = 0.5;
    private static final double BACK = 0.7;

    /** Per mille, and ms beyond what is usual: what a line that is full for a moment shows. */
    private static final int LOSSY = 20;

    private static final int LATE = 100;

    // In samples. Encoders follow within seconds.
    private static final int PATIENCE = 2;
    private static final int REST = 2;
    private static final int FOLLOWS = 2;

    // Given.
    private final String peer;

    // Owned.
    private final Watch watch;
    private final Deque<Long> sent = new ArrayDeque<>();
    private final Deque<Integer> roundTrips = new ArrayDeque<>();

    // State.
    private Set<String> tracks = Set.of();
    private int sinceFull = FOLLOWS;

    // Of the trouble under way, or that may begin.
    private long usual;
    private long least;
    private int worstLoss;

    UplinkWatch(String peer, Consumer<Span> ended) {
        this.peer = peer;
        this.watch = new Watch(Kind.THIN_UP, PATIENCE, REST, ended);
    }

    Stream<Watch> watches() {
        return Stream.of(watch);
    }

    void look(Sample sample, PeerSnapshot snapshot) {
        if (snapshot.published().isEmpty() && tracks.isEmpty()) {
            return; // As most of a large room.
        }
        Set<String> now = new HashSet<>();
        for (Published track : snapshot.published()) {
            now.add(track.media().mid());
        }
        if (!now.equals(tracks)) {
            // What is usual is to be learnt anew.
            tracks = now;
            sent.clear();
            watch.end(sample.at());
        }
        int loss = sample.lossUp().orElse(0);
        boolean late = sample.rtt().isPresent() && sample.rtt().getAsInt() >= usualRoundTrip() + LATE;
        sinceFull = loss >= LOSSY || late ? 0 : Math.min(sinceFull + 1, FOLLOWS);
        if (watch.isTroubled()) {
            goOn(sample, loss);
        } else {
            begin(sample, loss);
        }
        if (!watch.isTroubled()) {
            remember(sample);
        }
    }

    private void begin(Sample sample, int loss) {
        usual = sent.size() < ENOUGH ? 0 : middle(sent);
        if (usual >= LEAST && sample.sent() < usual * FALLEN && sinceFull < FOLLOWS) {
            least = sample.sent();
            worstLoss = loss;
            trouble(sample);
        }
    }

    private void goOn(Sample sample, int loss) {
        if (sample.sent() < usual * BACK) {
            least = Math.min(least, sample.sent());
            worstLoss = Math.max(worstLoss, loss);
            trouble(sample);
        } else {
            watch.fine(sample.at());
        }
    }

    private void trouble(Sample sample) {
        watch.trouble(
                sample.at(),
                Severity.WARNING,
                "the line of " + peer + " towards the server fell to " + Words.rate(least) + " (before: "
                        + Words.rate(usual) + "), so that others got its pictures smaller or not at all"
                        + (worstLoss < LOSSY ? "" : "; it lost up to " + Words.percent(worstLoss) + " of the packets"));
    }

    private void remember(Sample sample) {
        sent.addLast(sample.sent());
        if (sent.size() > REMEMBERED) {
            sent.removeFirst();
        }
        sample.rtt().ifPresent(roundTrips::addLast);
        if (roundTrips.size() > REMEMBERED) {
            roundTrips.removeFirst();
        }
    }

    private int usualRoundTrip() {
        return roundTrips.size() < ENOUGH ? Integer.MAX_VALUE - LATE : (int) middle(roundTrips);
    }

    /** @param values one at least */
    private static long middle(Deque<? extends Number> values) {
        long[] sorted = new long[values.size()];
        int place = 0;
        for (Number value : values) {
            sorted[place++] = value.longValue();
        }
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
