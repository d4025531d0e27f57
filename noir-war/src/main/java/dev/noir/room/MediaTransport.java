package dev.noir.room;

import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One ICE, DTLS, SRTP and SCTP association. Calls take effect in their order, some time later; on a transport that has
 * closed meanwhile they do nothing. Thread: rooms.
 */
public interface MediaTransport {
    /** What a transport reports. Thread: rooms. */
    interface Events {
        void onState(TransportState state, MediaEnd end);

        /**
         * Which encodings of a video track of this transport somebody takes, a bit for each, lowest first: at once when it becomes
         * more, some seconds late when it becomes less. Before the first call, all.
         */
        default void onLayersWanted(MediaTrack track, int encodings) {}

        /**
         * An encoding that is named by a rid has been found to have these SSRCs, perhaps others than before.
         *
         * @param encoding as in {@link PublishedTrack#encodings}
         * @param ssrc 0: not known yet; so is {@code rtxSsrc}, that of repairs
         */
        default void onEncodingLearned(MediaTrack track, int encoding, long ssrc, long rtxSsrc) {}

        /** The client has opened a channel. Nothing is said of channels that we open. */
        void onChannelOpen(MediaChannel channel);

        /** Of channels of either side. */
        void onChannelClosed(MediaChannel channel, ChannelEnd end);

        void onChannelMessage(MediaChannel channel, boolean binary, byte[] message);
    }

    /** Where it lives, for further credentials. */
    IcePlace place();

    /** Ours, with which it was opened. */
    IceCredentials ice();

    /** Where the client reaches it. */
    List<IceCandidate> candidates();

    /** The client's half, from its first description or after an ICE restart. */
    void setRemote(RemoteParameters remote);

    /** The old path works until a new one is nominated. */
    void restartIce(IceCredentials local);

    /** Those of all sections: each id has one meaning, but an extension may have several ids. */
    void setExtensions(List<ExtensionIds> extensions);

    /**
     * Receives a track.
     *
     * @param stream number of its stream in the room, by which {@link MediaRoom.Events#onSpeakers} names it; 0: it is not listened to
     * @param squelched from its first packet on, until {@link MediaTrack#setSquelched} says otherwise
     */
    MediaTrack addTrack(PublishedTrack track, int stream, boolean squelched);

    /** Starts forwarding a track of this room, as the subscriber has accepted it. */
    MediaDownTrack addDownTrack(MediaTrack track, SubscriberAnswer.Section accepted);

    /** Ordered and reliable; what is sent before the client is connected waits. */
    MediaChannel openChannel(String label);

    /** What it and its tracks are doing; empty when it is not there any more. Completed on a thread of the plane's. */
    CompletableFuture<Optional<MediaExplanation>> explain();

    /** The same as far as it is worth remembering, with less work. */
    CompletableFuture<Optional<MediaSample>> sample();

    /** No event follows. */
    void close();
}
