package dev.noir.media;

import java.util.List;
import java.util.Optional;

/**
 * What can be asked of a loop. Valid only inside {@link LoopTask#execute}.
 *
 * <p>An object may end by itself (its transport closed) while a command for it is on its way: commands that return
 * nothing ignore a stale id; those that make something on a stale id throw a {@link MediaException} with
 * {@link ErrorCode#NOT_FOUND}. Thread: loop.
 */
public interface LoopCommands {

    /** An injector needs nothing more, and never ends by itself but by a bug. */
    TransportId openTransport(TransportParams params);

    void setRemote(TransportId transport, RemoteParams remote);

    /** New local credentials; the old pair keeps working until a new one is nominated. */
    void restartIce(TransportId transport, String localUfrag, String localPwd);

    /** Closes it with its tracks and down tracks; no event follows. */
    void closeTransport(TransportId transport);

    /** In a bundle an extension may have another id in each m-line (RFC 8285 §6): so many sets that each id is in one. */
    void setExtensions(TransportId transport, List<HeaderExtensions> extensions);

    TrackId addTrack(TransportId publisher, TrackParams params);

    void removeTrack(TrackId track);

    /**
     * A squelched track is received and forwarded to nobody, on no loop: in force for every packet that is read after the
     * command, so for all when it follows {@link #addTrack} in the same task. Taken back, subscribers go on as after a
     * pause, video with a key frame.
     */
    void setSquelched(TrackId track, boolean squelched);

    DownTrackId addDownTrack(TransportId subscriber, TrackId track, DownTrackParams params);

    /**
     * A down track of a track of another loop (see {@link MediaLoop#connect}), which this loop mirrors as long as it has
     * any. Ends by itself when the track ends there or is not there: a stale id is no error.
     */
    DownTrackId addDownTrack(TransportId subscriber, RemoteTrack source, DownTrackParams params);

    void removeDownTrack(DownTrackId downTrack);

    void setDownTrack(DownTrackId downTrack, DownTrackWish wish);

    /**
     * Whole frames of a track of this loop, by {@link MediaEvents#onTapFrame}, from the next key frame on, which is asked for.
     * A track has eight taps at most; one that is squelched gives them nothing.
     */
    TapId addTap(TrackId track);

    /** No event of it follows that has not been put into the batch already. */
    void removeTap(TapId tap);

    /**
     * One whole frame of a track of a transport that is an {@link TransportRole#INJECTOR}, in decoding order, in the form of
     * {@link TapFrame}.
     *
     * @param key its source says that a decoder can start here
     * @param captureMicros UTC since 1970, or of another clock that all tracks of the injector share; a frame that is far from
     *     now is taken for captured now
     * @param codecPrivate of a key frame of H264 and AV1, if it is known; else empty
     * @return false when it was not taken: malformed, too large, no buffers, or video that has to begin with a key frame, as it
     *     has after each of these
     */
    boolean inject(TrackId track, boolean key, long captureMicros, byte[] codecPrivate, byte[] data);

    /** Opens a data channel and returns its SCTP stream; {@link MediaEvents#onChannelOpen} says when it is usable. */
    int openChannel(TransportId transport, String label, boolean ordered);

    /** False when the message was not taken: the channel is gone or the client does not keep up. */
    boolean send(TransportId transport, int streamId, boolean binary, byte[] message);

    /**
     * The same message on channel {@code streamIds[i]} of {@code transports[i]}, for each: copied once.
     *
     * @return how many did not take it
     */
    int sendAll(int[] transports, int[] streamIds, boolean binary, byte[] message);

    /** {@link MediaEvents#onChannelClosed} follows at once; what was sent before still arrives. */
    void closeChannel(TransportId transport, int streamId);

    LoopCounters counters();

    /** Looks at all subscribers: for once in some seconds. */
    LoopQuality quality();

    /** Those since they were taken last; of very many the first few. */
    List<LayerSwitch> takeLayerSwitches();

    /** What a transport and its tracks are doing, put together now; empty for a stale id. Not to be asked for all the time. */
    Optional<TransportExplanation> explain(TransportId transport);
}
