package dev.noir.room;

/** A track that a {@link MediaInjector} publishes. */
public interface InjectedTrack {
    /** Of {@link EncodedFrame#data}: more is refused. */
    int MAX_FRAME_BYTES = 1024 * 1024;

    /** Of {@link EncodedFrame#codecPrivate}: more is refused. */
    int MAX_PRIVATE_BYTES = 4096;

    /** Of each parameter set of H264, which goes in one packet: more is refused. */
    int MAX_SET_BYTES = 1180;

    /** Of a frame of sound, which goes in one packet: more is refused. */
    int MAX_SOUND_BYTES = 1180;

    /** It as others see it. Thread: rooms. */
    MediaTrack media();

    /**
     * Brings one whole frame as Matroska holds it ({@link EncodedFrame}), in decoding order. It goes out at once, paced towards
     * subscribers as any media is: the source keeps the time. {@link EncodedFrame#captureMicros} becomes RTP time; what is not later
     * than the frame before is a tick later, and what is further from now than 2 s (or 400 ms, ahead) is taken for captured now, with
     * all that follows on its clock. Video begins with a key frame, also after a frame that was lost: what comes before is lost, too.
     *
     * <p>Thread: any, one at a time.
     *
     * @return false: the frame is lost, because the plane has too much waiting, or it is none that can be sent: empty, too large,
     *     in another codec than the track's, or malformed
     */
    boolean write(EncodedFrame frame);
}
