package dev.noir.playing;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the samples of the tracks of a file of MP4 are. Thread: one at a time; it blocks. */
interface Mp4Samples {
    /**
     * One of them.
     *
     * @param decoded when, in nanoseconds of the file's own time
     * @param shown the same of its picture or sound
     * @param position in the file
     * @param size in bytes; may be any
     * @param key a decoder can start here; always so with audio
     */
    record Sample(SourceTrack track, long decoded, long shown, long position, long size, boolean key) {}

    /**
     * The next in the order of decoding.
     *
     * @return null at the end, also where the file is cut off
     */
    @Nullable
    Sample next() throws IOException;

    /** Goes to the beginning. */
    void rewind() throws IOException;

    /** Goes to the last key frame of the leading track that is shown at or before that time, in nanoseconds; to the beginning if there is none. */
    void seek(long shown) throws IOException;
}
