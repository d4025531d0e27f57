package dev.noir.sfu;

import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaInjector;
import dev.noir.room.MediaTap;
import dev.noir.room.MediaTrack;
import dev.noir.sdp.PublishedTrack;
import java.util.concurrent.Executor;

/** Ends at once: the loops take no frames yet. Thread: rooms. */
final class NativeInjector implements MediaInjector {
    private boolean closed;

    NativeInjector(Executor events, Events listener) {
        events.execute(() -> {
            if (!closed) {
                listener.onClosed(MediaEnd.REFUSED);
            }
        });
    }

    @Override
    public InjectedTrack addTrack(PublishedTrack track, int stream, boolean squelched) {
        return new Refused();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Takes nothing. */
    private static final class Refused implements InjectedTrack, MediaTrack {
        @Override
        public MediaTrack media() {
            return this;
        }

        @Override
        public boolean write(EncodedFrame frame) {
            return false;
        }

        @Override
        public void setSquelched(boolean squelched) {}

        @Override
        public MediaTap tap(MediaTap.Events listener) {
            return () -> {};
        }

        @Override
        public void remove() {}
    }
}
