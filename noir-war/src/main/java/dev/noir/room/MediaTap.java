package dev.noir.room;

/** A sink of a published track that gets whole frames. Thread: any. */
public interface MediaTap {
    /**
     * What comes of it, in order. Thread: one of the plane's tasks at a time, never a loop's: a listener may take its time. When it
     * takes too much, frames up to the next key frame are lost, and counted. Those of a listener that {@link #isQuick} come from the loop.
     */
    interface Events {
        /** From a key frame on, in decoding order. */
        void onFrame(EncodedFrame frame);

        /** Before the next frame, which is a key frame: so many packets are missing, or of no use without those that are. */
        void onGap(int lostPackets);

        /** The track is gone. Nothing comes any more. Not after {@link MediaTap#close}. */
        void onEnded();

        /**
         * Whether calls return at once, and keep what waits within bounds: then no thread is woken for each frame, which costs more than
         * all else that is done with it. Asked once.
         */
        default boolean isQuick() {
            return false;
        }
    }

    /** Nothing comes any more but what is being handed over now. Closing twice is harmless. */
    void close();
}
