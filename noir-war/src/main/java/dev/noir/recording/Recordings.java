package dev.noir.recording;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Port: what has been recorded. Thread: any. */
public interface Recordings {
    /** There is no directory for them. */
    Recordings NONE = new Recordings() {
        @Override
        public CompletionStage<List<Description>> list(Optional<String> room, int limit) {
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public int open() {
            return 0;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long failures() {
            return 0;
        }

        @Override
        public long lostPackets() {
            return 0;
        }

        @Override
        public long droppedFrames() {
            return 0;
        }
    };

    /**
     * Files in the directory of this node, the newest first.
     *
     * @param room empty: of all rooms
     * @param limit how many at most
     */
    CompletionStage<List<Description>> list(Optional<String> room, int limit);

    /** Of files that are being written. */
    int open();

    /** Written since the start. */
    long bytes();

    /** Recordings that ended because nothing could be written, since the start. */
    long failures();

    /** Packets that never came, since the start. */
    long lostPackets();

    /** Frames for which the disk was too slow, since the start. */
    long droppedFrames();
}
