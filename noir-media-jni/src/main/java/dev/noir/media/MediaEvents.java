package dev.noir.media;

/**
 * What a loop tells Java: control, and the frames of taps. An exception thrown here is logged and does not end the loop.
 * Thread: loop; return quickly and never block, every call of the loop waits meanwhile.
 */
public interface MediaEvents {

    /** After {@link TransportState#CLOSED} the transport with its tracks and down tracks is gone by itself. */
    void onTransportState(TransportId transport, TransportState state, CloseReason reason);

    /** The first packet of an encoding has come. */
    void onTrackActive(TrackId track, int encoding);

    /**
     * An encoding that is named by a rid has these SSRCs: browsers write rids into their first packets only (RFC 8852). Told again
     * when one is another.
     *
     * @param ssrc 0: not known yet
     * @param rtxSsrc of its repairs; 0: not known yet, or none
     */
    void onEncodingLearned(TrackId track, int encoding, long ssrc, long rtxSsrc);

    /**
     * Which encodings of a video track somebody takes, a bit for each: at once when it becomes more, late when it becomes less.
     * Until the first call its publisher is taken to send all.
     */
    void onLayersWanted(TrackId track, int encodings);

    /** The client has opened it. An unreliable one may lose messages. */
    void onChannelOpen(TransportId transport, int streamId, String label, boolean reliable);

    /** Of either side's channels; nothing comes on it any more. */
    void onChannelClosed(TransportId transport, int streamId, ChannelCloseReason reason);

    void onChannelMessage(TransportId transport, int streamId, boolean binary, byte[] message);

    /** In decoding order. Take it elsewhere: a file is nothing for a loop to wait for. */
    void onTapFrame(TapId tap, TapFrame frame);

    /** The track is gone, and its tap with it. */
    void onTapEnded(TapId tap);

    /** Of an injector's track: somebody waits for a key frame of it. Not more often than each half a second. */
    void onKeyFrameWanted(TrackId track);

    /**
     * Others speak in a room than before, or in another order.
     *
     * @param group the room, as in {@link TransportParams}
     * @param streams those of {@link TrackParams}, loudest first
     */
    void onSpeakers(int group, int[] streams);
}
