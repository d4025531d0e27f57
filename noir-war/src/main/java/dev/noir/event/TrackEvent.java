package dev.noir.event;

/** Something about a track that a peer sends. */
public interface TrackEvent extends PeerEvent {
    Track track();
}
