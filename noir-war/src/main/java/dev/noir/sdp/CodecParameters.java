package dev.noir.sdp;

/**
 * One negotiated payload type.
 *
 * @param fmtp the format parameters as written in {@code a=fmtp}, without the payload type; may be empty
 */
public record CodecParameters(int payloadType, Codec codec, String fmtp) {
    public int clockRate() {
        return codec.clockRate();
    }
}
