package dev.noir.room;

/** A subscriber's copy of a track in the media plane. Thread: rooms. */
public interface MediaDownTrack {
    void set(LayerWish wish);

    void remove();
}
