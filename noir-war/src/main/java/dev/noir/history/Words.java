package dev.noir.history;

import dev.noir.room.Medium;
import dev.noir.room.PeerSnapshot.TrackName;

/** Parts of sentences. Thread: any. */
final class Words {
    private static final double PER_MILLE_OF_PERCENT = 10;
    private static final double BITS_OF_KILOBIT = 1000;

    private Words() {}

    static String rate(long bitsPerSecond) {
        return Math.round(bitsPerSecond / BITS_OF_KILOBIT) + " kbit/s";
    }

    static String percent(int perMille) {
        return Math.max(1, Math.round(perMille / PER_MILLE_OF_PERCENT)) + " %";
    }

    /** As in: bob's picture. */
    static String of(TrackName track) {
        String what = "sound";
        if (track.medium() == Medium.VIDEO) {
            what = track.screen() ? "screen" : "picture";
        }
        return track.owner().value() + "'s " + what;
    }

    /** @param first of so many */
    static String pictures(TrackName first, int count) {
        return count == 1 ? of(first) : count + " pictures";
    }
}
