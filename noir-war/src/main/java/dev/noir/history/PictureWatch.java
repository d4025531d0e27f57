package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import dev.noir.room.MediaSample;
import dev.noir.room.Medium;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds out when a peer did not get others' pictures, or not as they are, for want of what its line takes. Not thread-safe. */
final class PictureWatch {
    private static final int LOSSY = 20;

    // Given.
    private final String peer;

    // Owned. At a start, and when somebody comes, estimates are low for some seconds.
    private final Watch frozen;
    private final Watch reduced;

    // State: of the trouble under way.
    private long least;
    private int worstLoss;

    PictureWatch(String peer, Consumer<Span> ended) {
        this.peer = peer;
        this.frozen = new Watch(Kind.FROZEN, 1, 1, ended);
        this.reduced = new Watch(Kind.REDUCED, 2, 2, ended);
    }

    Stream<Watch> watches() {
        return Stream.of(frozen, reduced);
    }

    void look(Sample sample, PeerSnapshot snapshot) {
        List<Shown> paused = new ArrayList<>();
        List<Shown> smaller = new ArrayList<>();
        for (Shown shown : snapshot.shown()) {
            if (shown.squelched()) {
                continue;
            }
            if (Meter.isPaused(shown)) {
                paused.add(shown);
            } else if (isSmaller(shown)) {
                smaller.add(shown);
            }
        }
        if (!frozen.isTroubled() && !reduced.isTroubled()) {
            least = Long.MAX_VALUE;
            worstLoss = 0;
        }
        least = Math.min(least, sample.estimate().orElse(Long.MAX_VALUE));
        boolean byLoss = snapshot.subscriber()
                .flatMap(MediaSample::line)
                .filter(MediaSample.Line::limitedByLoss)
                .isPresent();
        worstLoss = Math.max(worstLoss, byLoss ? sample.lossDown().orElse(0) : 0);
        say(frozen, Severity.BAD, sample, paused, this::froze);
        say(reduced, Severity.INFO, sample, smaller, this::shrank);
    }

    private static void say(
            Watch watch, Severity severity, Sample sample, List<Shown> tracks, Function<List<Shown>, String> words) {
        if (tracks.isEmpty()) {
            watch.fine(sample.at());
        }
        for (Shown one : tracks.subList(0, Math.min(1, tracks.size()))) {
            boolean single = tracks.size() == 1;
            watch.trouble(sample.at(), severity, single ? one.track() : null, words.apply(tracks));
        }
    }

    private static boolean isSmaller(Shown shown) {
        Layers layers = shown.media().layers();
        return shown.track().medium() == Medium.VIDEO
                && !layers.muted()
                && layers.allocated().isPresent()
                && layers.reason()
                        .filter(reason -> reason == Reason.NO_BANDWIDTH)
                        .isPresent();
    }

    private String froze(List<Shown> tracks) {
        long need = tracks.stream()
                .mapToLong(shown -> smallest(shown.media().layers()))
                .filter(bitrate -> bitrate > 0)
                .min()
                .orElse(0);
        String too = ", too little for the smallest layers of all";
        if (least < need || need == 0) {
            too = ", lower than the smallest layer" + (need == 0 ? "" : " (" + Words.rate(need) + ")");
        }
        return Words.pictures(tracks.get(0).track(), tracks.size()) + " froze: the line of " + peer + " fell"
                + (least == Long.MAX_VALUE ? "" : " to " + Words.rate(least)) + too + loss();
    }

    private String shrank(List<Shown> tracks) {
        long wanted = tracks.stream()
                .mapToLong(shown -> wanted(shown.media().layers()))
                .max()
                .orElse(0);
        return Words.pictures(tracks.get(0).track(), tracks.size())
                + (tracks.size() == 1 ? " was" : " were") + " shown smaller or with fewer frames: the line of " + peer
                + " took "
                + (least == Long.MAX_VALUE ? "less" : Words.rate(least))
                + (wanted > least ? ", and all of it would need " + Words.rate(wanted) : "") + loss();
    }

    private String loss() {
        return worstLoss < LOSSY ? "" : ", for it lost " + Words.percent(worstLoss) + " of the packets";
    }

    private static long smallest(Layers layers) {
        return layers.offered().stream()
                .filter(Offered::available)
                .mapToLong(Offered::bitrate)
                .findFirst()
                .orElse(0);
    }

    private static long wanted(Layers layers) {
        return layers.offered().stream()
                .filter(offered -> offered.available()
                        && offered.layer().spatial() <= layers.wanted().spatial()
                        && offered.layer().temporal() <= layers.wanted().temporal())
                .mapToLong(Offered::bitrate)
                .max()
                .orElse(0);
    }
}
