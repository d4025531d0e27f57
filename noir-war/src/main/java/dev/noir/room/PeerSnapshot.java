package dev.noir.room;

import java.util.List;
import java.util.Optional;

/**
 * What a peer's media is doing at a moment, for whoever remembers it.
 *
 * @param resumed it was in the room before this node hosted it
 * @param publisher empty: it has offered nothing, or the connection is just ending
 * @param subscriber as above
 */
public record PeerSnapshot(
        PeerName name,
        boolean resumed,
        Optional<MediaSample> publisher,
        Optional<MediaSample> subscriber,
        List<Published> published,
        List<Shown> shown) {
    public PeerSnapshot {
        published = List.copyOf(published);
        shown = List.copyOf(shown);
    }

    /** A track by what others know it by. */
    public record TrackName(PeerName owner, String stream, Medium medium, boolean screen) {}

    /**
     * A track that the peer sends.
     *
     * @param asked somebody takes it, or the client is not told whether somebody does
     */
    public record Published(TrackName track, boolean asked, MediaSample.Received media) {}

    /**
     * A track of another peer that is sent to this one.
     *
     * @param squelched it reaches nobody
     */
    public record Shown(TrackName track, boolean squelched, MediaSample.Sent media) {}
}
