package dev.noir.event;

/** A track that had been published has ended. */
public record TrackUnpublished(String room, long sequence, String peer, String principal, Track track)
        implements TrackEvent {}
