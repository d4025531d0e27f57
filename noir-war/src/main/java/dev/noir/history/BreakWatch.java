package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.MediaSample;
import dev.noir.room.Medium;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when others' pictures stood still for moments, too short to be seen in two samples: the peer could not show what came, and
 * asked for a key frame. Who sees a picture for the first time asks, too, and that is none. Not thread-safe.
 */
final class BreakWatch {
    // A moment is one; and two within some seconds are one trouble.
    private static final int PATIENCE = 1;
    private static final int REST = 2;

    /** Per mille, from which on loss is named as the cause. */
    private static final int LOSSY = 10;

    /** Of a picture at the last sample. */
    private record Asked(long requests, long packets) {}

    // Given.
    private final String peer;

    // Owned.
    private final Watch watch;

    // State, by section of the connection.
    private Map<String, Asked> last = new HashMap<>();

    // State: of the trouble under way. Per mille.
    private int worstLoss;

    BreakWatch(String peer, Consumer<Span> ended) {
        this.peer = peer;
        this.watch = new Watch(Kind.BROKEN, PATIENCE, REST, ended);
    }

    Stream<Watch> watches() {
        return Stream.of(watch);
    }

    void look(Sample sample, PeerSnapshot snapshot) {
        Map<String, Asked> now = new HashMap<>();
        List<Shown> broken = new ArrayList<>();
        for (Shown shown : snapshot.shown()) {
            if (shown.track().medium() == Medium.VIDEO) {
                MediaSample.Sent media = shown.media();
                Asked asked = new Asked(media.keyFrameRequests(), media.packets());
                if (hasBroken(shown, last.get(media.mid()), asked)) {
                    broken.add(shown);
                }
                now.put(media.mid(), asked);
            }
        }
        last = now;
        if (broken.isEmpty()) {
            watch.fine(sample.at());
        } else {
            say(sample, broken);
        }
    }

    /** It was there before, and went on: what stands still for longer is told of otherwise. */
    private static boolean hasBroken(Shown shown, @Nullable Asked before, Asked now) {
        return before != null
                && before.packets > 0
                && now.packets > before.packets
                && now.requests > before.requests
                && !shown.squelched()
                && !shown.media().layers().muted()
                && !shown.media().layers().waitsForKeyFrame();
    }

    private void say(Sample sample, List<Shown> broken) {
        boolean again = watch.isTroubled();
        int loss = sample.lossDown().orElse(0);
        worstLoss = again ? Math.max(worstLoss, loss) : loss;
        String why = worstLoss < LOSSY ? "" : ", for up to " + Words.percent(worstLoss) + " of the packets got lost";
        watch.trouble(
                sample.at(),
                again ? Severity.WARNING : Severity.INFO,
                broken.size() == 1 ? broken.get(0).track() : null,
                Words.pictures(broken.get(0).track(), broken.size()) + " stood still for "
                        + (again ? "moments" : "a moment") + " at " + peer
                        + ": what came could not be shown without a new key frame" + why);
    }
}
