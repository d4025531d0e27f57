package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Finds out when a peer's line lost much, or took long. Not thread-safe. */
final class LineWatch {
    /** Per mille. Less is repaired, and hardly noticed. */
    static final int LOSSY = 50;

    static final int VERY_LOSSY = 150;

    /** In ms: ITU-T G.114 has 400 ms for one way as the limit of what is acceptable; conversations suffer from half of that. */
    static final int SLOW = 400;

    static final int VERY_SLOW = 800;

    // Seconds of it are nothing.
    private static final int PATIENCE = 2;
    private static final int REST = 2;

    /** A number that is watched, and what it is beyond which it is trouble. */
    private static final class Level {
        private final Watch watch;
        private final int high;
        private final int veryHigh;
        private final IntFunction<String> words;
        private int worst;

        Level(Watch watch, int high, int veryHigh, IntFunction<String> words) {
            this.watch = watch;
            this.high = high;
            this.veryHigh = veryHigh;
            this.words = words;
        }

        /** @param counted it is of all the time since the last sample, so that one very high value is no chance */
        void look(long at, OptionalInt value, boolean counted) {
            int now = value.orElse(0);
            if (now < high) {
                watch.fine(at);
            } else {
                worst = watch.isTroubled() ? Math.max(worst, now) : now;
                watch.trouble(at, now < veryHigh ? Severity.WARNING : Severity.BAD, words.apply(worst));
                if (counted && now >= veryHigh) {
                    watch.makeSpan();
                }
            }
        }
    }

    // Owned.
    private final Level down;
    private final Level up;
    private final Level slow;

    LineWatch(String peer, Consumer<Span> ended) {
        down = new Level(
                new Watch(Kind.LOSSY, PATIENCE, REST, ended),
                LOSSY,
                VERY_LOSSY,
                loss -> "up to " + Words.percent(loss) + " of what was sent to " + peer + " got lost on the way");
        up = new Level(
                new Watch(Kind.LOSSY_UP, PATIENCE, REST, ended),
                LOSSY,
                VERY_LOSSY,
                loss -> "up to " + Words.percent(loss) + " of what " + peer
                        + " sent got lost on its way to the server");
        slow = new Level(
                new Watch(Kind.SLOW, PATIENCE, REST, ended),
                SLOW,
                VERY_SLOW,
                millis -> "a packet took up to " + millis + " ms to " + peer + " and back");
    }

    Stream<Watch> watches() {
        return Stream.of(down.watch, up.watch, slow.watch);
    }

    /** @param counted whether what it is sent has been counted since the last sample, as what it sends is */
    void look(Sample sample, boolean counted) {
        down.look(sample.at(), sample.lossDown(), counted);
        up.look(sample.at(), sample.lossUp(), true);
        slow.look(sample.at(), sample.rtt(), false);
    }
}
