package dev.noir.room;

import dev.noir.sdp.PublishedTrack;

/** A published track. Compared by identity: republished is another track. Thread: rooms. */
final class Track {
    private final Peer owner;
    private final PublishedTrack published;
    private final MediaTrack media;

    Track(Peer owner, PublishedTrack published, MediaTrack media) {
        this.owner = owner;
        this.published = published;
        this.media = media;
    }

    Peer owner() {
        return owner;
    }

    PublishedTrack published() {
        return published;
    }

    MediaTrack media() {
        return media;
    }
}
