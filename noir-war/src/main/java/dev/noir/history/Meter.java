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

/**
 * Makes a peer's samples of what its snapshots say, one after the other: of each peer every few seconds, so loops stand here where
 * streams would be shorter, which cost more than all that is done with the sample. Not thread-safe.
 */
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
        int pictures = 0;
        int paused = 0;
        for (Shown track : snapshot.shown()) {
            boolean rests = isPaused(track);
            paused += rests ? 1 : 0;
            pictures += !rests && isShown(track) ? 1 : 0;
        }
        Optional<MediaSample.Line> line = snapshot.subscriber().flatMap(MediaSample::line);
        return new Sample(
                at,
                path(snapshot),
                roundTrip(snapshot),
                line.isPresent() ? OptionalLong.of(line.get().estimate()) : OptionalLong.empty(),
                sent(snapshot),
                received,
                lossUp,
                lossDown(snapshot, line),
                pictures,
                paused);
    }

    private static long sent(PeerSnapshot snapshot) {
        long bitrate = 0;
        for (Published track : snapshot.published()) {
            bitrate += track.media().bitrate();
        }
        return bitrate;
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
        long received = roundTrip(snapshot.subscriber());
        long micros = received >= 0 ? received : roundTrip(snapshot.publisher());
        return micros < 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.round(micros / MICROS_PER_MILLI));
    }

    private static long roundTrip(Optional<MediaSample> connection) {
        if (connection.isEmpty()) {
            return MediaSample.UNKNOWN;
        }
        MediaSample sample = connection.get();
        if (sample.line().isPresent() && sample.line().get().roundTripMicros() >= 0) {
            return sample.line().get().roundTripMicros();
        }
        if (sample.path().isPresent() && sample.path().get().roundTripMicros() >= 0) {
            return sample.path().get().roundTripMicros();
        }
        long longest = MediaSample.UNKNOWN;
        for (MediaSample.Sent track : sample.sent()) {
            longest = Math.max(longest, track.roundTripMicros());
        }
        return longest;
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
        int most = MediaSample.UNKNOWN;
        for (Shown track : snapshot.shown()) {
            most = Math.max(most, track.media().lossPermille());
        }
        return most < 0 ? OptionalInt.empty() : OptionalInt.of(most);
    }

    /** Of one that is not paused. */
    private static boolean isShown(Shown track) {
        return track.track().medium() == Medium.VIDEO && track.media().layers().sending();
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
