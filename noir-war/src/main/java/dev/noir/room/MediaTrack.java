package dev.noir.room;

/** A published track in the media plane. Thread: rooms. */
public interface MediaTrack {
    /**
     * A squelched track reaches nobody, whoever subscribes to it; subscriptions stay. In force with the first packet that
     * the plane reads after the call has reached it.
     */
    void setSquelched(boolean squelched);

    /**
     * Gives its frames to a listener, of simulcast those of the best encoding that is sent, from the next key frame on, which is
     * asked for. Another encoding begins at a key frame. While the track is squelched nothing comes. Thread: any.
     */
    MediaTap tap(MediaTap.Events listener);

    /** Ends it; its down tracks have been removed before. */
    void remove();
}
