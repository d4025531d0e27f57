package dev.noir.playing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Samples in the tables of a movie (ISO/IEC 14496-12 §8.5 to §8.7), as a file has them that was written to its end. Thread: one at a time. */
final class Mp4Tables implements Mp4Samples {
    // Of a table's entries, behind version, flags and their number.
    private static final int TABLE = 8;

    // Given.
    private final Mp4Tracks tracks;
    private final long fileSize;

    // State.
    private List<Cursor> cursors;

    /** @param fileSize in bytes */
    Mp4Tables(Mp4Tracks tracks, long fileSize) throws MediaFileException {
        this.tracks = tracks;
        this.fileSize = fileSize;
        this.cursors = beginning();
    }

    /** Whether there are such tables with something in them. */
    static boolean isFilled(Mp4Tracks tracks) throws MediaFileException {
        for (Mp4Tracks.Entry entry : tracks.played()) {
            Optional<Mp4Box> sizes = entry.table().find("stsz");
            if (sizes.isPresent() && sizes.get().number(TABLE, Integer.BYTES) > 0) {
                return true;
            }
        }
        return false;
    }

    private List<Cursor> beginning() throws MediaFileException {
        List<Cursor> all = new ArrayList<>();
        for (Mp4Tracks.Entry entry : tracks.played()) {
            all.add(new Cursor(entry, fileSize));
        }
        return all;
    }

    @Override
    public @Nullable Sample next() throws MediaFileException {
        Cursor first = first();
        return first == null ? null : first.take();
    }

    /** The one whose sample comes next; null: there is none any more. */
    private @Nullable Cursor first() {
        Cursor first = null;
        for (Cursor cursor : cursors) {
            if (!cursor.isOver() && (first == null || cursor.decoded() < first.decoded())) {
                first = cursor;
            }
        }
        return first;
    }

    @Override
    public void rewind() throws MediaFileException {
        cursors = beginning();
    }

    @Override
    public void seek(long shown) throws MediaFileException {
        rewind();
        long from = Long.MIN_VALUE;
        for (Sample sample = next(); sample != null; sample = next()) {
            if (sample.track().number() == tracks.leading().number()) {
                if (sample.shown() > shown) {
                    break;
                }
                from = sample.key() ? sample.decoded() : from;
            }
        }
        rewind();
        for (Cursor first = first(); first != null && first.decoded() < from; first = first()) {
            first.take();
        }
    }

    /** Walks through the tables of one track. Those that do not fit together are broken. */
    private static final class Cursor {
        // Given.
        private final Mp4Tracks.Entry entry;
        private final Mp4Box sizes;
        private final Mp4Box chunks;
        private final Mp4Box offsets;
        private final int offsetOctets;
        private final Optional<Mp4Box> keys;
        private final long count;
        private final long fileSize;

        // Owned.
        private final Lengths durations;
        private final Lengths shifts;

        // State.
        private @Nullable Sample sample;
        private long taken; // Samples.
        private long told; // Bytes of them.
        private long units;
        private long chunk; // How many have begun.
        private long chunkRow;
        private long leftInChunk;
        private long position;
        private long keyRow;

        Cursor(Mp4Tracks.Entry entry, long fileSize) throws MediaFileException {
            this.entry = entry;
            this.fileSize = fileSize;
            Mp4Box table = entry.table();
            this.sizes = table.get("stsz");
            this.chunks = table.get("stsc");
            Optional<Mp4Box> large = table.find("co64");
            this.offsets = large.isPresent() ? large.get() : table.get("stco");
            this.offsetOctets = large.isPresent() ? Long.BYTES : Integer.BYTES;
            this.keys = table.find("stss");
            this.durations = new Lengths(table.find("stts"));
            this.shifts = new Lengths(table.find("ctts"));
            this.count = sizes.number(TABLE, Integer.BYTES);
            read();
        }

        boolean isOver() {
            return sample == null;
        }

        long decoded() {
            return sample == null ? Long.MAX_VALUE : sample.decoded();
        }

        @Nullable
        Sample take() throws MediaFileException {
            Sample current = sample;
            read();
            return current;
        }

        private void read() throws MediaFileException {
            if (taken == count) {
                sample = null;
                return;
            }
            long same = sizes.number(4, Integer.BYTES);
            long size = same > 0 ? same : at(sizes, TABLE + Integer.BYTES + Integer.BYTES * taken, Integer.BYTES);
            if (leftInChunk == 0) {
                nextChunk();
            }
            leftInChunk--;
            taken++;
            int shift = (int) shifts.next(); // It has a sign.
            sample = Mp4Tracks.sample(entry, units, shift, position, size, isKey());
            position += size;
            told += size;
            Mp4Tracks.checkSize(told, fileSize);
            units += durations.next();
        }

        private void nextChunk() throws MediaFileException {
            position = at(offsets, TABLE + offsetOctets * chunk, offsetOctets);
            chunk++;
            if (chunk > 1 && chunkRow + 1 < chunks.number(4, Integer.BYTES) && row(chunkRow + 1, 0) <= chunk) {
                chunkRow++;
            }
            leftInChunk = row(chunkRow, 1);
            if (leftInChunk == 0) {
                throw chunks.broken();
            }
        }

        private long row(long row, int column) throws MediaFileException {
            return at(chunks, TABLE + (3 * row + column) * Integer.BYTES, Integer.BYTES);
        }

        private boolean isKey() throws MediaFileException {
            if (keys.isEmpty()) {
                return true;
            }
            Mp4Box table = keys.get();
            long rows = table.number(4, Integer.BYTES);
            if (keyRow == rows || at(table, TABLE + Integer.BYTES * keyRow, Integer.BYTES) != taken) {
                return false;
            }
            keyRow++;
            return true;
        }
    }

    private static long at(Mp4Box table, long at, int octets) throws MediaFileException {
        if (at > Integer.MAX_VALUE) {
            throw table.broken();
        }
        return table.number((int) at, octets);
    }

    /** A table of numbers, each with how many samples have it; zeros where there is none. */
    private static final class Lengths {
        private final Optional<Mp4Box> table;
        private long row;
        private long left;

        Lengths(Optional<Mp4Box> table) {
            this.table = table;
        }

        long next() throws MediaFileException {
            if (table.isEmpty()) {
                return 0;
            }
            while (left == 0) {
                left = at(table.get(), TABLE + 2L * Integer.BYTES * row, Integer.BYTES);
                row++;
            }
            left--;
            return at(table.get(), TABLE + 2L * Integer.BYTES * (row - 1) + Integer.BYTES, Integer.BYTES);
        }
    }
}
