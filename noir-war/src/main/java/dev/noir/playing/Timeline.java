package dev.noir.playing;

import dev.noir.sdp.MediaKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Puts the times of a file, and of its repeats, on one line that only goes forward, in nanoseconds from 0 on. Audio and video keep their
 * distance, also where a file's times go back, or jump. Thread: one at a time.
 */
final class Timeline {
    /** No file is that long, and nothing overflows below it. */
    static final Duration MAX_TIME = Duration.ofDays(10_000);

    private static final long MAX_TIME_NANOS = MAX_TIME.toNanos();

    // What goes forward by more is taken for another clock.
    private static final long MAX_GAP = Duration.ofHours(1).toNanos();

    // What goes back by less is taken for an inaccuracy.
    private static final long MAX_BACK = Duration.ofSeconds(1).toNanos();

    // By how much one track may begin before another.
    private static final long MAX_EARLIER = Duration.ofSeconds(10).toNanos();

    // Of a frame that nothing says the length of.
    private static final long VIDEO_LENGTH = Duration.ofMillis(40).toNanos();
    private static final long AUDIO_LENGTH = Duration.ofMillis(20).toNanos();
    private static final long MAX_LENGTH = Duration.ofSeconds(1).toNanos();

    // RTP times of two frames must differ.
    private static final long LEAST = Duration.ofMillis(1).toNanos();

    private static final long NEVER = Long.MIN_VALUE;

    private static final class Line {
        private long offset;
        private long last = NEVER;
        private long length;
        private boolean begun;
    }

    private final Map<MediaKind, Line> lines = new EnumMap<>(MediaKind.class);

    // State. The offset that came last, which all lines come to have.
    private long newest;
    private boolean begun;
    private boolean wholeRound;

    // The earliest first time of a track, in a round from the beginning.
    private long origin = Long.MAX_VALUE;

    /** What comes next continues where everything so far ends. */
    void begin(boolean atBeginning) {
        begun = false;
        wholeRound = atBeginning;
        for (Line line : lines.values()) {
            line.begun = false;
        }
    }

    /** When the longest track so far is over. */
    long end() {
        long end = 0;
        for (Line line : lines.values()) {
            if (line.last != NEVER) {
                end = Math.max(end, line.last + line.length);
            }
        }
        return end;
    }

    /**
     * Where a frame is on the line: later than the frame before of its kind.
     *
     * @param time in the file
     * @param length in nanoseconds; 0: not known
     * @throws MediaFileException no file has such times
     */
    long place(MediaKind kind, Duration time, long length) throws MediaFileException {
        if (time.abs().compareTo(MAX_TIME) > 0 || end() > MAX_TIME_NANOS) {
            throw new MediaFileException("the file has impossible times");
        }
        long nanos = time.toNanos();
        Line line = lines.computeIfAbsent(kind, ignored -> new Line());
        begin(line, nanos);
        long at = nanos + line.offset;
        long lowest = line.last == NEVER ? NEVER : line.last - MAX_BACK;
        if (at < lowest || at > end() + MAX_GAP) {
            at = jump(line, nanos, lowest);
        }
        if (line.last != NEVER) {
            at = Math.max(at, line.last + LEAST);
        }
        line.length = length(line, kind, at, length);
        line.last = at;
        return at;
    }

    private void begin(Line line, long nanos) {
        if (!begun) {
            begun = true;
            // A round that is not the first begins with the track that the first began with, not with the one that is
            // read first.
            boolean known = wholeRound && origin < nanos && nanos - origin < MAX_EARLIER;
            newest = end() - (known ? origin : nanos);
        }
        if (!line.begun) {
            line.begun = true;
            line.offset = newest;
            if (wholeRound) {
                origin = Math.min(origin, nanos);
            }
        }
    }

    /** To where the other track has jumped to, if that fits, else to the end. */
    private long jump(Line line, long nanos, long lowest) {
        long other = nanos + newest;
        if (line.offset == newest || other < lowest || other > end() + MAX_GAP) {
            newest = end() - nanos;
        }
        line.offset = newest;
        return nanos + newest;
    }

    private static long length(Line line, MediaKind kind, long at, long told) {
        if (told > 0) {
            return told;
        }
        if (line.last != NEVER && at - line.last <= MAX_LENGTH) {
            return at - line.last;
        }
        return kind == MediaKind.VIDEO ? VIDEO_LENGTH : AUDIO_LENGTH;
    }
}
