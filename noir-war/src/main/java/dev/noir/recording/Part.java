package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import java.io.IOException;

/**
 * Where frames of a stream go until its tracks become others: a file, or a program that is fed. Thread: one at a time; it may block.
 */
public interface Part {
    /** A track in it, by its id in the room. */
    record Slot(String track, MediaFormat format) {}

    /** Whether a track of this kind can go on in this part: it has it, or has one like it that has ended. */
    boolean takes(String track, MediaFormat format);

    /** A track has ended: another like it can go on in its place. */
    void release(String track);

    /** @param track one that {@link #takes} */
    void add(String track, EncodedFrame frame) throws IOException;

    /** So many packets of a track never came. */
    void lost(String track, int packets);

    /**
     * Ends it properly.
     *
     * @param why in a word of {@code docs/recording.md}
     * @param droppedFrames what was left out of it, since it was too slow
     */
    void finish(String why, int droppedFrames) throws IOException;

    /** After {@link #finish} has failed: nothing can be written any more. */
    void abandon();
}
