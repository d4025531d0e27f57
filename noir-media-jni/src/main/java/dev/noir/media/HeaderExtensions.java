package dev.noir.media;

/** Negotiated header extension ids (RFC 8285), 1 to 255; 0 = not negotiated. One set per transport. */
public record HeaderExtensions(
        int mid,
        int rid,
        int repairedRid,
        int audioLevel,
        int transportSequence,
        int absSendTime,
        int videoOrientation,
        int dependencyDescriptor,
        int captureTime,
        int playoutDelay,
        int layersAllocation) {

    public static final HeaderExtensions NONE = new HeaderExtensions(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
