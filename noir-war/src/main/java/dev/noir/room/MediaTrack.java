package dev.noir.room;

/** A published track in the media plane. Thread: rooms. */
public interface MediaTrack {
    /** Ends it; its down tracks have been removed before. */
    void remove();
}
