package dev.noir.playing;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Samples in fragments of a movie (ISO/IEC 14496-12 §8.8), as a file is written that may end at any time. Thread: one at a time; it blocks. */
final class Mp4Fragments implements Mp4Samples {
    private static final int MAX_FRAGMENT_BYTES = 2 << 20;
    private static final int MAX_SAMPLES = 1 << 16;

    // Between two that bring something.
    private static final int MAX_EMPTY = 1_000_000;

    // §8.8.7.1: what stands in the head of a track's part.
    private static final int HAS_BASE = 0x01;
    private static final int HAS_DESCRIPTION = 0x02;
    private static final int HAS_DURATION = 0x08;
    private static final int HAS_SIZE = 0x10;
    private static final int HAS_FLAGS = 0x20;
    private static final int BASE_IS_FRAGMENT = 0x020000;

    // §8.8.8.1: what stands in a run.
    private static final int RUN_OFFSET = 0x01;
    private static final int RUN_FIRST_FLAGS = 0x04;
    private static final int RUN_DURATIONS = 0x100;
    private static final int RUN_SIZES = 0x200;
    private static final int RUN_FLAGS = 0x400;
    private static final int RUN_SHIFTS = 0x800;
    private static final int RUN_ROWS = 0xF00;

    // §8.8.3.1.
    private static final long NO_KEY = 0x010000;

    /** What samples of a track are like that do not say it. */
    private record Defaults(Mp4Tracks.Entry entry, long duration, long size, long flags) {}

    // Given.
    private final Mp4Input in;
    private final Mp4Tracks tracks;
    private final long begin;

    // Owned.
    private final KeyFrames<Long> keyFrames = new KeyFrames<>();
    private final Deque<Sample> samples = new ArrayDeque<>();

    // State.
    private long at;
    private long fragment;
    private long told; // Bytes since the last jump: there cannot be more of them than the file has.

    /** @param begin where a box begins, before the first fragment */
    Mp4Fragments(Mp4Input in, Mp4Tracks tracks, long begin) {
        this.in = in;
        this.tracks = tracks;
        this.begin = begin;
        this.at = begin;
    }

    @Override
    public @Nullable Sample next() throws IOException {
        for (int i = 0; samples.isEmpty() && load(); i++) {
            if (i == MAX_EMPTY) {
                throw MediaFileException.brokenAt(fragment);
            }
        }
        return samples.poll();
    }

    @Override
    public void rewind() {
        go(begin);
    }

    private void go(long place) {
        at = place;
        told = 0;
        samples.clear();
    }

    /** Reads the next fragment; false: there is none. */
    private boolean load() throws IOException {
        Mp4Input.Outer box;
        Mp4Box content;
        try {
            box = in.find(Mp4Input.FRAGMENT, at);
            content = in.read(box, MAX_FRAGMENT_BYTES);
        } catch (EOFException e) {
            return false;
        }
        at = box.end();
        fragment = box.start();
        List<Sample> read = new ArrayList<>();
        long end = fragment;
        for (Mp4Box part : content.all("traf")) {
            end = read(part, end, read);
        }
        told += read.stream().mapToLong(Sample::size).sum();
        Mp4Tracks.checkSize(told, in.file().size());
        read.sort(Comparator.comparingLong(Sample::decoded));
        samples.addAll(read);
        for (Sample sample : read) {
            if (sample.key() && sample.track().number() == tracks.leading().number()) {
                keyFrames.add(sample.shown(), fragment);
                break;
            }
        }
        return true;
    }

    /** Returns where the data of the part ends, which that of the next one may begin at. */
    private long read(Mp4Box part, long before, List<Sample> to) throws MediaFileException {
        Mp4Box head = part.get("tfhd");
        Optional<Mp4Tracks.Entry> found = tracks.find(head.number(4, Integer.BYTES));
        if (found.isEmpty()) {
            return before;
        }
        Mp4Tracks.Entry entry = found.get();
        Fields fields = new Fields(head);
        long base = fields.number(HAS_BASE, Long.BYTES, fields.has(BASE_IS_FRAGMENT) ? fragment : before);
        fields.number(HAS_DESCRIPTION, 0);
        long duration = fields.number(HAS_DURATION, entry.duration());
        long size = fields.number(HAS_SIZE, entry.size());
        long says = fields.number(HAS_FLAGS, entry.flags());
        List<Mp4Box> runs = part.all("trun");
        Optional<Mp4Box> time = part.find("tfdt");
        if (time.isEmpty()) {
            if (runs.isEmpty()) {
                return before;
            }
            throw new MediaFileException("the file's fragments do not say what time they are of");
        }
        long units = time.get().number(4, time.get().timeOctets());
        entry.nanos(units); // Which is not too large, then.
        Run state = new Run(new Defaults(entry, duration, size, says), base, units, to);
        for (Mp4Box run : runs) {
            state.read(run);
        }
        return state.end;
    }

    /** What stands in a box behind its first eight bytes, one behind the other, each if a flag of the box says so. */
    private static final class Fields {
        private final Mp4Box box;
        private final int flags;
        private int next = 8;

        Fields(Mp4Box box) throws MediaFileException {
            this.box = box;
            this.flags = box.flags();
        }

        /** Whether one of these flags is set. */
        boolean has(int any) {
            return (flags & any) != 0;
        }

        /** @param otherwise what it is when it is not there */
        long number(int flag, int octets, long otherwise) throws MediaFileException {
            if (!has(flag)) {
                return otherwise;
            }
            next += octets;
            return box.number(next - octets, octets);
        }

        long number(int flag, long otherwise) throws MediaFileException {
            return number(flag, Integer.BYTES, otherwise);
        }

        /** With a sign; 0 when it is not there. */
        int signed(int flag) throws MediaFileException {
            return (int) number(flag, 0);
        }
    }

    /** Reads runs of samples of one track. */
    private static final class Run {
        private final Defaults defaults;
        private final long base;
        private final List<Sample> to;
        private long units;
        private long end;

        Run(Defaults defaults, long base, long units, List<Sample> to) {
            this.defaults = defaults;
            this.base = base;
            this.end = base;
            this.units = units;
            this.to = to;
        }

        void read(Mp4Box run) throws MediaFileException {
            Fields fields = new Fields(run);
            long count = run.number(4, Integer.BYTES);
            boolean isFree =
                    defaults.size == 0 && !fields.has(RUN_ROWS); // Samples that cost nothing would be without an end.
            if (count > MAX_SAMPLES - to.size() || (isFree && count > 1)) {
                throw run.broken();
            }
            if (fields.has(RUN_OFFSET)) {
                end = base + fields.signed(RUN_OFFSET);
            }
            long first = fields.number(RUN_FIRST_FLAGS, defaults.flags);
            for (int i = 0; i < count; i++) {
                long duration = fields.number(RUN_DURATIONS, defaults.duration);
                long size = fields.number(RUN_SIZES, defaults.size);
                long says = fields.number(RUN_FLAGS, i == 0 ? first : defaults.flags);
                long shift = fields.signed(RUN_SHIFTS);
                add(run, duration, size, says, shift);
            }
        }

        private void add(Mp4Box run, long duration, long size, long says, long shift) throws MediaFileException {
            Mp4Tracks.Entry entry = defaults.entry;
            if (end < 0 || end > Long.MAX_VALUE - size) {
                throw run.broken();
            }
            to.add(Mp4Tracks.sample(entry, units, shift, end, size, (says & NO_KEY) == 0));
            end += size;
            units += duration;
        }
    }

    @Override
    public void seek(long shown) throws IOException {
        Long known = keyFrames.before(shown);
        go(known == null ? begin : known);
        long place = -1;
        long decoded = 0;
        try {
            boolean before = true;
            while (before && load()) {
                for (Sample sample = samples.poll(); sample != null; sample = samples.poll()) {
                    if (sample.track().number() != tracks.leading().number()) {
                        continue;
                    }
                    before &= sample.shown() <= shown;
                    if (before && sample.key()) {
                        place = fragment;
                        decoded = sample.decoded();
                    }
                }
            }
        } catch (MediaFileException e) {
            // What has been found is good enough.
        }
        go(place < 0 ? begin : place);
        if (place >= 0 && load()) {
            long from = decoded;
            samples.removeIf(sample -> sample.decoded() < from);
        }
    }
}
