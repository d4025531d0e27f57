package dev.noir.event;

/**
 * What a peer sends.
 *
 * @param stream the client's id of the stream, under which others know it
 * @param id the client's id of the track
 * @param kind {@code audio} or {@code video}
 */
public record Track(String stream, String id, String kind) {}
