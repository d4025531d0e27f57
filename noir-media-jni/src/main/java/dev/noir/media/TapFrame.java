package dev.noir.media;

/**
 * One whole picture or audio packet of a tapped track, as its publisher encoded it and as Matroska holds it: H264 as units
 * behind their lengths (4 octets) without parameter sets, AV1 as OBUs with sizes and without temporal delimiters, the layers of
 * a VP9 picture as a superframe.
 *
 * @param codec never {@link Codec#RED}
 * @param key a decoder can start here; always so with audio
 * @param captureMicros UTC since 1970; audio and video of one publisher are on one clock, and a later picture is never earlier
 * @param rtpTime unwrapped timestamp; begins anew with another rtp stream
 * @param clockRate of {@code rtpTime}, Hz
 * @param lost packets that came between the last frame and this one, and did not arrive or were of no use
 * @param width pixels; 0 unless it is a picture that is a key frame, and says so
 * @param codecPrivate of key frames of H264 (AVCDecoderConfigurationRecord) and AV1 (AV1CodecConfigurationRecord); else empty
 * @param data not copied: whoever has the frame owns it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record TapFrame(
        Codec codec,
        boolean key,
        long captureMicros,
        long rtpTime,
        int clockRate,
        int lost,
        int width,
        int height,
        byte[] codecPrivate,
        byte[] data) {}
