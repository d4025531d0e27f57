package dev.noir.room;

import dev.noir.sdp.Codec;

/**
 * One whole picture or audio packet of a track, as its publisher encoded it and as Matroska holds it: H264 as units behind their
 * lengths (4 octets) without parameter sets, AV1 as OBUs with sizes and without temporal delimiters, the layers of a VP9 picture
 * as a superframe.
 *
 * @param codec never {@link Codec#RED}: that is unwrapped
 * @param key a decoder can start here; always so with audio
 * @param captureMicros when it was captured, UTC since 1970: audio and video of a peer are on one clock. A picture that follows in
 *     RTP time is never earlier
 * @param width pixels; 0 unless it is a key frame of video that says so
 * @param codecPrivate what Matroska's CodecPrivate is for H264 (AVCDecoderConfigurationRecord) and AV1
 *     (AV1CodecConfigurationRecord); empty unless it is a key frame of these
 * @param data whoever has the frame owns it: it is not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record EncodedFrame(
        Codec codec, boolean key, long captureMicros, int width, int height, byte[] codecPrivate, byte[] data) {

    /** The same, captured at another time. */
    public EncodedFrame at(long micros) {
        return new EncodedFrame(codec, key, micros, width, height, codecPrivate, data);
    }
}
