package dev.noir.room;

/** A track that a {@link MediaInjector} publishes. */
public interface InjectedTrack {
    /** Of a frame, {@link EncodedFrame#data} and {@link EncodedFrame#codecPrivate} each: more is refused. */
    int MAX_FRAME_BYTES = 4 * 1024 * 1024;

    /** It as others see it. Thread: rooms. */
    MediaTrack media();

    /**
     * Brings one whole frame as Matroska holds it ({@link EncodedFrame}), in decoding order. It goes out at once, paced towards
     * subscribers as any media is: the source keeps the time. {@link EncodedFrame#captureMicros} becomes RTP time; what is not later
     * than the frame before is a tick later. Frames before the first key frame reach nobody who could show them.
     *
     * <p>Thread: any, one at a time.
     *
     * @return false: the frame is lost, because the plane has too much waiting, or it is none that can be sent: empty, too large,
     *     in another codec than the track's, or malformed
     */
    boolean write(EncodedFrame frame);
}
