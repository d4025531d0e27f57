package dev.noir.bot.call;

import dev.noir.bot.rtc.Readings;
import dev.noir.bot.rtc.Readings.Received;
import dev.noir.bot.rtc.RemoteTrack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What has been seen of others, in numbers per second. Thread: any. Times are in ns of one clock. */
final class Tally {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SILENCE = -127; // dB, as in RFC 6464.

    /**
     * A track, in a time.
     *
     * @param kbps of its packets' payload
     * @param width of the newest picture; 0 of sound, and before there is one
     * @param level of sound in dB of the loudest possible, -127 to 0
     * @param loss of packets, in percent
     * @param frames decoded pictures
     * @param freezes so often pictures stood still
     * @param firstPictureMs from the offer of the track to its first picture
     */
    record Seen(
            String uid,
            String stream,
            String track,
            boolean video,
            double kbps,
            double fps,
            int width,
            int height,
            OptionalInt level,
            double loss,
            long frames,
            long freezes,
            OptionalLong firstPictureMs) {}

    /** One track's. */
    private static final class Entry {
        final long began;
        long firstPicture; // 0: none.
        long readAt;
        Received last;

        Entry(RemoteTrack track, long now) {
            began = now;
            readAt = now;
            last = new Received(track, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    private final Map<RemoteTrack, Entry> entries = new LinkedHashMap<>(); // Guarded by `this`.

    synchronized void began(RemoteTrack track, long now) {
        entries.put(track, new Entry(track, now));
    }

    /** A picture has been decoded. */
    synchronized void picture(RemoteTrack track, long now) {
        Entry entry = entries.get(track);
        if (entry != null && entry.firstPicture == 0) {
            entry.firstPicture = now;
        }
    }

    /** Since the reading before. */
    synchronized List<Seen> read(Readings readings, long now) {
        List<Seen> all = new ArrayList<>();
        for (Received received : readings.received()) {
            Entry entry = entries.get(received.track());
            if (entry != null) {
                all.add(seen(entry, entry.last, entry.readAt, received, now));
                entry.last = received;
                entry.readAt = now;
            }
        }
        return all;
    }

    /** Of the whole time of each, up to its newest reading. */
    synchronized List<Seen> all() {
        return entries.values().stream()
                .map(entry -> {
                    Received nothing = new Received(entry.last.track(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
                    return seen(entry, nothing, entry.began, entry.last, entry.readAt);
                })
                .toList();
    }

    /** Participants of whom a picture has been decoded. */
    synchronized long decoded() {
        return entries.values().stream()
                .filter(entry -> entry.firstPicture != 0)
                .map(entry -> entry.last.track().uid())
                .distinct()
                .count();
    }

    private static Seen seen(Entry entry, Received from, long fromTime, Received to, long toTime) {
        double seconds = Math.max((toTime - fromTime) / NANOS_PER_SECOND, 1e-3);
        long lost = Math.max(0, to.lost() - from.lost());
        long packets = Math.max(0, to.packets() - from.packets());
        RemoteTrack track = to.track();
        return new Seen(
                track.uid(),
                track.stream(),
                track.id(),
                track.isVideo(),
                (to.bytes() - from.bytes()) * 8 / 1000.0 / seconds,
                (to.frames() - from.frames()) / seconds,
                to.width(),
                to.height(),
                track.isVideo() ? OptionalInt.empty() : OptionalInt.of(level(from, to)),
                lost == 0 ? 0 : 100.0 * lost / (lost + packets),
                to.frames() - from.frames(),
                to.freezes() - from.freezes(),
                entry.firstPicture == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of((entry.firstPicture - entry.began) / 1_000_000));
    }

    private static int level(Received from, Received to) {
        double seconds = to.seconds() - from.seconds();
        double energy = to.energy() - from.energy();
        if (seconds <= 0 || energy <= 0) {
            return SILENCE;
        }
        return (int) Math.max(SILENCE, Math.min(0, Math.round(10 * Math.log10(energy / seconds))));
    }
}
