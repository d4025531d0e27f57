package dev.noir.media;

/** One payload type of a published track. */
public record CodecParams(int payloadType, Codec codec, int clockRate) {}
