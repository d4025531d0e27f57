package dev.noir.media;

/** Names a down track of one loop: slot and generation, so that a stale id is found to be stale. */
public record DownTrackId(int value) {}
