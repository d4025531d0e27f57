package dev.noir.room;

import dev.noir.sdp.PublishedTrack;

/**
 * The end at which the server itself brings media into a room: encoded frames of a source. It has no connection, so nothing ends it
 * but its room and its loop. Audio and video of one injector are on one clock.
 *
 * <p>Calls take effect in their order, some time later; after the end they do nothing. Thread: rooms unless said otherwise.
 */
public interface MediaInjector {
    /** What it reports. Thread: rooms. */
    interface Events {
        /** Somebody needs a key frame of it to begin; a source that can't make one has nothing to do. */
        void onKeyFrameWanted(InjectedTrack track);

        /** The place is gone (the loop, the room), or there was none. Nothing can be injected any more. Not after close. */
        void onClosed(MediaEnd end);
    }

    /**
     * As {@link MediaTransport#addTrack}.
     *
     * @param track as {@link PublishedTrack#injected} makes it: one encoding, one codec
     * @param stream number of its stream in the room, never 0
     * @param squelched from its first frame on, until {@link MediaTrack#setSquelched} says otherwise
     */
    InjectedTrack addTrack(PublishedTrack track, int stream, boolean squelched);

    /** Removes its tracks; no event follows. Closing twice is harmless. */
    void close();
}
