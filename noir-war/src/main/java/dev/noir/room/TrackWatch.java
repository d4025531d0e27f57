package dev.noir.room;

/**
 * Port: who is told of the tracks of a room that is open here, and may take their frames. He is no participant: nobody sees him.
 * Thread: rooms; must not block.
 */
public interface TrackWatch {
    /** Others are offered this track. Those that are there come first. */
    void onTrack(WatchedTrack track);

    /** Nobody is offered it any more; its taps bring nothing. */
    void onTrackGone(WatchedTrack track);

    /** The room has ended. Nothing follows. */
    void onEnded();

    /** The room goes on at another node. Nothing follows. */
    void onMoved();

    /** A track of the room. Thread: any. */
    interface WatchedTrack {
        Recorder.RecordedTrack what();

        /** As {@link MediaTrack#tap}. */
        MediaTap tap(MediaTap.Events listener);
    }
}
