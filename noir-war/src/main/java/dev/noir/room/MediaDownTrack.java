package dev.noir.room;

/** A subscriber's copy of a track in the media plane. Thread: rooms. */
public interface MediaDownTrack {
    /** Highest spatial and temporal layer to forward, from 0. */
    void set(boolean muted, int maxSpatial, int maxTemporal);

    void remove();
}
