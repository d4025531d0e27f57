package dev.noir.media;

/** Names a published track of one loop: slot and generation, so that a stale id is found to be stale. */
public record TrackId(int value) {}
