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

/** Makes a peer's samples of what its snapshots say, one after the other. Not thread-safe. */
final class Meter {
    private static final int BITS = 8;
    private static final long MILLIS = 1000;
    private static final int PER_MILLE = 1000;
    private static final long MEANINGFUL = 20; // Packets: of fewer, the share that got lost says nothing.
    private static final double MICROS_PER_MILLI = 1000;

    /** Counters of a track at the last snapshot. */
    private record Counted(long packets, long lost, long octets) {}

    // State.
    private Map<String, Counted> up = new HashMap<>();
    private Map<String, Counted> down = new HashMap<>();
    private long last;

    Sample sample(long at, PeerSnapshot snapshot) {
        OptionalInt lossUp = lossUp(snapshot);
        long received = received(at, snapshot);
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
            Counted counted = new Counted(media.packets(), media.lost(), 0);
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

    private long received(long at, PeerSnapshot snapshot) {
        Map<String, Counted> now = new HashMap<>();
        long octets = 0;
        for (Shown track : snapshot.shown()) {
            MediaSample.Sent media = track.media();
            Counted before = down.get(media.mid());
            long old = before == null ? 0 : before.octets;
            octets += Math.max(0, media.octets() - (old <= media.octets() ? old : 0));
            now.put(media.mid(), new Counted(media.packets(), 0, media.octets()));
        }
        down = now;
        return last == 0 || at <= last ? 0 : octets * BITS * MILLIS / (at - last);
    }

    private static OptionalInt lossDown(PeerSnapshot snapshot, Optional<MediaSample.Line> line) {
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
