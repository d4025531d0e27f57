package dev.noir.media;

/**
 * One payload type of a published track.
 *
 * @param rtxPayloadType of its repairs (RFC 4588); {@link PayloadMapping#NO_RTX} when there are none
 */
public record CodecParams(int payloadType, Codec codec, int clockRate, int rtxPayloadType) {
    /** Without RTX. */
    public CodecParams(int payloadType, Codec codec, int clockRate) {
        this(payloadType, codec, clockRate, PayloadMapping.NO_RTX);
    }
}
