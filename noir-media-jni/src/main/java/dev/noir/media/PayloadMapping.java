package dev.noir.media;

/**
 * Payload type of the publisher → payload type of one subscriber.
 *
 * @param rtxPayloadType RFC 4588; {@link #NO_RTX} when there is none
 */
public record PayloadMapping(int sourcePt, int payloadType, int rtxPayloadType) {

    public static final int NO_RTX = -1;
}
