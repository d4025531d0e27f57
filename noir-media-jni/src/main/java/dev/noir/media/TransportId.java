package dev.noir.media;

/** Names a transport of one loop: slot and generation, so that a stale id is found to be stale. */
public record TransportId(int value) {}
