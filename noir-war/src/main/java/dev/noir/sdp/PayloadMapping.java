package dev.noir.sdp;

/**
 * A publisher's payload type and what stands for it on one subscriber transport.
 *
 * @param rtxPayloadType RFC 4588, -1 = none
 */
public record PayloadMapping(int sourcePayloadType, int payloadType, int rtxPayloadType) {
    public static final int NO_RTX = -1;
}
