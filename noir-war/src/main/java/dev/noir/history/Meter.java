package dev.noir.history;

import dev.noir.room.MediaExplanation;
import dev.noir.room.MediaSample;
import dev.noir.room.Medium;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Published;
import dev.noir.room.PeerSnapshot.Shown;
import dev.noir.room.TransportState;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes a peer's samples of what its snapshots say, one after the other. Not thread-safe. */
final class Meter {
    private static final int BITS = 8;
    private static final long MILLIS = 1000;
    private static final int PER_MILLE = 1000;
    private static final long MEANINGFUL = 20; // Packets: of fewer, the share that got lost says nothing.
    private static final double MICROS_PER_MILLI = 1000;

    /** Counters of a track that the peer sends, at the last snapshot. */
    private record Counted(long packets, long lost) {}

    /** Counters of one that it is sent; of what it has not reported lost, none. */
    private record Reported(long packets, OptionalLong lost, long octets) {}

    // State.
    private Map<String, Counted> up = new HashMap<>();
    private Map<String, Reported> down = new HashMap<>();
    private long last;
    private OptionalInt countedDown = OptionalInt.empty();

    Sample sample(long at, PeerSnapshot snapshot) {
        OptionalInt lossUp = lossUp(snapshot);
        Map<String, Reported> now = new HashMap<>();
        for (Shown track : snapshot.shown()) {
            MediaSample.Sent media = track.media();
            now.put(media.mid(), new Reported(media.packets(), media.lost(), media.octets()));
        }
        long received = received(at, now);
        countedDown = lossDown(now);
        down = now;
        last = at;
        Optional<MediaSample.Line> line = snapshot.subscriber().flatMap(MediaSample::line);
        return new Sample(
                at,
                path(snapshot),
                roundTrip(snapshot),
                line.map(known -> OptionalLong.of(known.estimate())).orElse(OptionalLong.empty()),
                snapshot.published().stream()
                        .mapToLong(track -> track.media().bitrate())
                        .sum(),
                received,
                lossUp,
                lossDown(snapshot, line),
                (int) snapshot.shown().stream().filter(Meter::isShown).count(),
                (int) snapshot.shown().stream().filter(Meter::isPaused).count());
    }

    private static Optional<Sample.Path> path(PeerSnapshot snapshot) {
        Optional<Sample.Path> publisher = snapshot.publisher().flatMap(Meter::path);
        Optional<Sample.Path> subscriber = snapshot.subscriber().flatMap(Meter::path);
        return publisher.isPresent() && publisher.get() == Sample.Path.TCP ? publisher : subscriber.or(() -> publisher);
    }

    private static Optional<Sample.Path> path(MediaSample sample) {
        return sample.state() == TransportState.CONNECTED
                ? sample.path().map(path -> path.tcp() ? Sample.Path.TCP : Sample.Path.UDP)
                : Optional.empty();
    }

    /** By what the client reports, if it does, for TCP is not checked. */
    private static OptionalInt roundTrip(PeerSnapshot snapshot) {
        long micros = snapshot.subscriber()
                .map(Meter::roundTrip)
                .filter(known -> known >= 0)
                .or(() -> snapshot.publisher().map(Meter::roundTrip).filter(known -> known >= 0))
                .orElse((long) MediaSample.UNKNOWN);
        return micros < 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.round(micros / MICROS_PER_MILLI));
    }

    private static long roundTrip(MediaSample sample) {
        long byLine = sample.line().map(MediaSample.Line::roundTripMicros).orElse((long) MediaSample.UNKNOWN);
        if (byLine >= 0) {
            return byLine;
        }
        long byPath = sample.path().map(MediaSample.Path::roundTripMicros).orElse((long) MediaSample.UNKNOWN);
        return byPath >= 0
                ? byPath
                : sample.sent().stream()
                        .mapToLong(MediaSample.Sent::roundTripMicros)
                        .max()
                        .orElse(MediaSample.UNKNOWN);
    }

    private OptionalInt lossUp(PeerSnapshot snapshot) {
        Map<String, Counted> now = new HashMap<>();
        long packets = 0;
        long lost = 0;
        for (Published track : snapshot.published()) {
            MediaSample.Received media = track.media();
            Counted counted = new Counted(media.packets(), media.lost());
            Counted before = up.get(media.mid());
            if (before != null) {
                packets += Math.max(0, counted.packets - before.packets);
                lost += Math.max(0, counted.lost - before.lost);
            }
            now.put(media.mid(), counted);
        }
        up = now;
        long expected = packets + lost;
        return expected < MEANINGFUL ? OptionalInt.empty() : OptionalInt.of((int) (lost * PER_MILLE / expected));
    }

    /** Of all that was sent to it since the sample before, as it reports; empty: it does not, or that was little. Of the last sample. */
    OptionalInt countedLossDown() {
        return countedDown;
    }

    private long received(long at, Map<String, Reported> now) {
        long octets = 0;
        for (Map.Entry<String, Reported> track : now.entrySet()) {
            @Nullable Reported before = down.get(track.getKey());
            long old = before == null ? 0 : before.octets;
            long sent = track.getValue().octets;
            octets += Math.max(0, sent - (old <= sent ? old : 0));
        }
        return last == 0 || at <= last ? 0 : octets * BITS * MILLIS / (at - last);
    }

    private OptionalInt lossDown(Map<String, Reported> now) {
        long packets = 0;
        long lost = 0;
        for (Map.Entry<String, Reported> track : now.entrySet()) {
            @Nullable Reported before = down.get(track.getKey());
            Reported after = track.getValue();
            if (before != null && before.lost.isPresent() && after.lost.isPresent()) {
                packets += Math.max(0, after.packets - before.packets);
                lost += Math.max(0, after.lost.getAsLong() - before.lost.getAsLong());
            }
        }
        // Reports are of a moment ago, so that what was lost may be of more than was sent since.
        return packets < MEANINGFUL
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(PER_MILLE, lost * PER_MILLE / packets));
    }

    private OptionalInt lossDown(PeerSnapshot snapshot, Optional<MediaSample.Line> line) {
        if (countedDown.isPresent()) {
            return countedDown;
        }
        if (line.isPresent()) {
            return OptionalInt.of(line.get().lossPermille());
        }
        return snapshot.shown().stream()
                .mapToInt(track -> track.media().lossPermille())
                .filter(loss -> loss >= 0)
                .max();
    }

    private static boolean isShown(Shown track) {
        return track.track().medium() == Medium.VIDEO && track.media().layers().sending() && !isPaused(track);
    }

    /** The line does not even take its smallest layer. */
    static boolean isPaused(Shown track) {
        MediaExplanation.Layers layers = track.media().layers();
        return track.track().medium() == Medium.VIDEO
                && !layers.muted()
                && layers.allocated().isEmpty()
                && layers.reason()
                        .filter(reason -> reason == MediaExplanation.Reason.NO_BANDWIDTH)
                        .isPresent();
    }
}
