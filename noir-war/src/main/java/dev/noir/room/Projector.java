package dev.noir.room;

import dev.noir.sdp.Codec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Port: where the frames of files come from that are played into rooms, each in its time. Thread: any. */
public interface Projector {
    /** Nothing can be played here. */
    Projector NONE = new Projector() {
        @Override
        public Showing begin(Playing what, Events events) {
            throw new RoomException(RoomException.Code.INVALID, "this server has no folder of files to play");
        }

        @Override
        public CompletionStage<List<String>> files() {
            return CompletableFuture.completedStage(List.of());
        }
    };

    /**
     * Begins to open a file; what comes of that is told. Must not block.
     *
     * @throws RoomException when it cannot be played, in words
     */
    Showing begin(Playing what, Events events);

    /** Names of files that there are, in order, up to some number; whether each can be played is seen when it is. */
    CompletionStage<List<String>> files();

    /** A file that is played. Calls return at once, and do nothing after its end. Thread: any. */
    interface Showing {
        /** @param tracks one for each content that it was found to have, in that order */
        void start(List<InjectedTrack> tracks);

        void change(Playing.Change change);

        /** Nothing is told any more but what is being told now. */
        void close();
    }

    /** What is told of one. Nothing follows the end or the failure. Thread: any, one at a time. */
    interface Events {
        /** It can be played, and waits for {@link Showing#start}. */
        void onOpened(List<Content> contents);

        /** It is there by now, or goes on from there: with each change, and about every second while it plays. */
        void onMoved(Playing now);

        /** It has been played, as often as it was to be. */
        void onEnded();

        /** @param why it is over before its end, in words for whoever wanted it */
        void onFailed(String why);
    }

    /**
     * A track of a file.
     *
     * @param codecPrivate as {@link EncodedFrame#codecPrivate}; may be empty
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
    record Content(Codec codec, byte[] codecPrivate) {}
}
