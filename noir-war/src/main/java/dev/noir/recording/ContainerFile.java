package dev.noir.recording;

import java.io.IOException;

/**
 * A file of media that is being written, in pieces that are each written at once: what has been written so far can be played at any
 * moment. What only the end knows is put in by {@link #finish}. Thread: one at a time; it blocks.
 */
interface ContainerFile {
    /** What a piece spans at most, in µs: with all that waits elsewhere no more than two seconds are lost when the server dies. */
    long MAX_PIECE_MICROS = 750_000;

    /** What it takes in memory at most, beside its last frame. */
    int MAX_PIECE_BYTES = 4 << 20;

    /**
     * Adds a frame. Frames come in the order of their times.
     *
     * @param track its number, from 1 on
     * @param micros since the file's start, in µs; not less than before
     */
    void add(int track, long micros, boolean key, byte[] frame) throws IOException;

    /** When its last frame is to be shown, in ms since its start. */
    long lengthMs();

    /** Bytes on disk. */
    long size();

    /** Writes the rest, and closes the file, also when that fails. */
    void finish() throws IOException;

    /** Ends it as it is, without writing anything. */
    void abandon() throws IOException;
}
