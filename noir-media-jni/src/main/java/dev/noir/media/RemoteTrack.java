package dev.noir.media;

/**
 * A track of another loop.
 *
 * @param loop its place in the list given to {@link MediaLoop#connect}
 * @param params what it was added with there
 */
public record RemoteTrack(int loop, TrackId track, TrackParams params) {}
