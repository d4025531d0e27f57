package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;

/** A published track. Compared by identity: republished is another track. Thread: rooms. */
final class Track {
    private static final int NOT_KNOWN = -1; // All of them.

    // Given.
    private final Peer owner;
    private final PublishedTrack negotiated;
    private final PublishedTrack published;
    private final int stream;
    private final MediaTrack media;

    // State.
    private boolean squelched;
    private boolean offered;
    private int wanted = NOT_KNOWN;

    /**
     * @param negotiated with its owner
     * @param published the same under the ids that the others see
     * @param stream number of its stream in the room
     * @param media squelched
     */
    Track(Peer owner, PublishedTrack negotiated, PublishedTrack published, int stream, MediaTrack media) {
        this.owner = owner;
        this.negotiated = negotiated;
        this.published = published;
        this.stream = stream;
        this.media = media;
        this.squelched = true;
    }

    Peer owner() {
        return owner;
    }

    /** It is for those who wait, and for nobody else. */
    boolean isOfLobby() {
        return owner.attends();
    }

    /** As its owner knows it: the ids may be anything. */
    PublishedTrack negotiated() {
        return negotiated;
    }

    /** As everybody else knows it. */
    PublishedTrack published() {
        return published;
    }

    /** The number of its stream in the room. */
    int stream() {
        return stream;
    }

    MediaTrack media() {
        return media;
    }

    Medium medium() {
        return Medium.of(published.kind());
    }

    /** What its owner needs to send it. */
    Grant grant() {
        return grant(published.kind(), published.screen());
    }

    static Grant grant(MediaKind kind, boolean screen) {
        if (kind == MediaKind.AUDIO) {
            return Grant.PUBLISH_AUDIO;
        }
        return screen ? Grant.PUBLISH_SCREEN : Grant.PUBLISH_VIDEO;
    }

    /** Nothing of it is forwarded to anybody. */
    boolean isSquelched() {
        return squelched;
    }

    void squelch(boolean now) {
        if (squelched != now) {
            squelched = now;
            media.setSquelched(now);
        }
    }

    /** Somebody takes this encoding, counted from the lowest. */
    boolean isWanted(int encoding) {
        return (wanted >> encoding & 1) != 0;
    }

    /** The media plane has said which encodings somebody takes. */
    boolean isKnownWanted() {
        return wanted != NOT_KNOWN;
    }

    /** Somebody takes one of its encodings, as far as is known. */
    boolean isAnyWanted() {
        return wanted != 0;
    }

    void wanted(int encodings) {
        wanted = encodings;
    }

    /** Others are offered it. */
    boolean isOffered() {
        return offered;
    }

    void offered(boolean now) {
        offered = now;
    }
}
