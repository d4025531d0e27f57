package dev.noir.restreaming;

import dev.noir.room.EncodedFrame;
import dev.noir.room.MediaTap;
import dev.noir.room.Scheduler;
import dev.noir.room.TrackWatch.WatchedTrack;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A track whose frames are sent on, with a key frame every now and then. Thread: any. */
final class FedTrack implements MediaTap.Events {
    // Given.
    private final WatchedTrack track;
    private final MediaTap.Events to;
    private final Scheduler scheduler;

    // Owned.
    private final MediaTap tap;

    // Volatile: written with frames, read by whoever asks for more.
    private volatile long keyNanos;

    FedTrack(WatchedTrack track, MediaTap.Events to, Scheduler scheduler) {
        this.track = track;
        this.to = to;
        this.scheduler = scheduler;
        this.keyNanos = scheduler.nanoTime();
        this.tap = track.tap(this);
    }

    @Override
    public void onFrame(EncodedFrame frame) {
        if (frame.key()) {
            keyNanos = scheduler.nanoTime();
        }
        to.onFrame(frame);
    }

    @Override
    public void onGap(int lostPackets) {
        to.onGap(lostPackets);
    }

    @Override
    public void onEnded() {
        to.onEnded();
    }

    /** Nothing more of it is sent. */
    void end() {
        tap.close();
        to.onEnded();
    }

    /** Asks for a key frame if the last one is so old. */
    void refresh(Duration age) {
        if (track.what().video() && scheduler.nanoTime() - keyNanos >= age.toNanos()) {
            new KeyFrameWish().begin(track);
        }
    }

    /** Another tap of the track, which asks for a key frame as each does that begins, and ends with its first frame. */
    private static final class KeyFrameWish implements MediaTap.Events {
        // State. Guarded by `this`.
        private @Nullable MediaTap tap;
        private boolean met;

        void begin(WatchedTrack track) {
            MediaTap begun = track.tap(this);
            synchronized (this) {
                tap = begun;
                if (!met) {
                    return;
                }
            }
            begun.close();
        }

        @Override
        public void onFrame(EncodedFrame frame) {
            MediaTap done;
            synchronized (this) {
                met = true;
                done = tap;
            }
            if (done != null) {
                done.close();
            }
        }

        @Override
        public void onGap(int lostPackets) {}

        @Override
        public void onEnded() {}
    }
}
