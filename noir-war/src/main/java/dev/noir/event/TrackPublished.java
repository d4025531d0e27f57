package dev.noir.event;

/** A peer has begun to send a track. */
public record TrackPublished(String room, long sequence, String peer, String principal, Track track)
        implements TrackEvent {}
