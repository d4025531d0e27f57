package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a track of a file is, or of another part: what cannot change within it.
 *
 * @param width of the picture in pixels; 0 for audio
 * @param height as {@code width}
 * @param codecPrivate what a decoder needs beside the frames: the configuration record of the codec's binding to ISO's base media
 *     file format, for H264, AV1 and VP9; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by its content.
public record MediaFormat(Codec codec, int width, int height, byte[] codecPrivate) {
    /** Whether a frame tells what its track is: audio always does, a key frame of video when its size is in it. */
    static boolean isTold(EncodedFrame frame) {
        return frame.key() && (frame.codec().kind() == MediaKind.AUDIO || frame.width() > 0);
    }

    /** Of the track that begins, or goes on, with this frame, which {@link #isTold}. */
    static MediaFormat of(EncodedFrame frame) {
        byte[] configuration = frame.codec() == Codec.VP9
                ? Vp9Configuration.of(frame.data(), frame.width(), frame.height())
                : frame.codecPrivate();
        return new MediaFormat(frame.codec(), frame.width(), frame.height(), configuration);
    }

    public boolean isVideo() {
        return codec.kind() == MediaKind.VIDEO;
    }

    /** Whether WebM has this codec. */
    boolean isWebm() {
        return codec != Codec.H264;
    }

    /** Whether it can be in MP4, where players expect it: VP8 has a name there, too, which hardly any of them knows. */
    boolean isMp4() {
        return !isVideo() || (codec != Codec.VP8 && codecPrivate.length > 0);
    }

    /** The codec's, in lower case. */
    public String name() {
        return codec == Codec.RED ? "opus" : codec.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MediaFormat format
                && codec == format.codec
                && width == format.width
                && height == format.height
                && Arrays.equals(codecPrivate, format.codecPrivate);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * codec.hashCode() + width) + height;
    }

    /** For people. */
    @Override
    public String toString() {
        return isVideo() ? name() + " " + width + "x" + height : name();
    }
}
