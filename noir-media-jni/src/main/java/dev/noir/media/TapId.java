package dev.noir.media;

/** Names a tap of one loop: slot and generation, so that a stale id is found to be stale. */
public record TapId(int value) {}
