package dev.noir.room;

/** A published track in the media plane. Thread: rooms. */
public interface MediaTrack {
    /**
     * A squelched track reaches nobody, whoever subscribes to it; subscriptions stay. In force with the first packet that
     * the plane reads after the call has reached it.
     */
    void setSquelched(boolean squelched);

    /** Ends it; its down tracks have been removed before. */
    void remove();
}
