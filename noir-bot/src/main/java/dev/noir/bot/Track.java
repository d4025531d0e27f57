package dev.noir.bot;

import java.util.function.Consumer;

/** What somebody else sends. Thread: any. */
public interface Track {
    /** Whose it is. */
    String uid();

    /** Tracks of one stream belong together. */
    String stream();

    String id();

    /** Pictures, or else sound. */
    boolean isVideo();

    /**
     * From now on, each picture as soon as it has been decoded.
     *
     * @param viewer called on the decoder's thread, which must not wait; the picture is its own until it returns
     */
    void watch(Consumer<Picture> viewer);

    /**
     * From now on, sound, 10 ms at a time when it is due.
     *
     * @param listener called on the thread of the sound of all bots of the process, which must not wait; the sound is its own until
     *     it returns
     */
    void hear(Consumer<Sound> listener);
}
