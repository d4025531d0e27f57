package dev.noir.sfu;

import dev.noir.media.ChannelCloseReason;
import dev.noir.media.CloseReason;
import dev.noir.media.Codec;
import dev.noir.media.CodecParams;
import dev.noir.media.DownTrackParams;
import dev.noir.media.DownTrackWish;
import dev.noir.media.EncodingParams;
import dev.noir.media.HeaderExtensions;
import dev.noir.media.MediaKind;
import dev.noir.media.PayloadMapping;
import dev.noir.media.RemoteParams;
import dev.noir.media.TapFrame;
import dev.noir.media.TrackParams;
import dev.noir.media.TransportRole;
import dev.noir.room.ChannelEnd;
import dev.noir.room.EncodedFrame;
import dev.noir.room.LayerWish;
import dev.noir.room.MediaEnd;
import dev.noir.room.TransportState;
import dev.noir.sdp.ExtensionIds;
import dev.noir.sdp.Fingerprint;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.RemoteParameters;
import dev.noir.sdp.SubscriberAnswer;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What negotiation decided, in the words of {@code dev.noir.media}; and its events in the words of the room. */
final class MediaParams {
    private MediaParams() {}

    static TransportRole role(dev.noir.room.TransportRole role) {
        return switch (role) {
            case PUBLISHER -> TransportRole.PUBLISHER;
            case SUBSCRIBER -> TransportRole.SUBSCRIBER;
        };
    }

    static RemoteParams remote(RemoteParameters remote) {
        return new RemoteParams(remote.ufrag(), remote.pwd(), fingerprints(remote.fingerprints()), remote.passive());
    }

    private static byte[] fingerprints(List<Fingerprint> all) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        all.forEach(one -> bytes.writeBytes(one.sha256()));
        return bytes.toByteArray();
    }

    static HeaderExtensions extensions(ExtensionIds ids) {
        return new HeaderExtensions(
                ids.mid(),
                ids.rid(),
                ids.repairedRid(),
                ids.audioLevel(),
                ids.transportSequence(),
                ids.absSendTime(),
                ids.videoOrientation(),
                ids.dependencyDescriptor(),
                ids.captureTime(),
                ids.playoutDelay(),
                ids.layersAllocation());
    }

    static TrackParams track(PublishedTrack track, int stream) {
        return new TrackParams(
                switch (track.kind()) {
                    case AUDIO -> MediaKind.AUDIO;
                    case VIDEO -> MediaKind.VIDEO;
                },
                track.mid(),
                track.codecs().stream()
                        .map(codec -> new CodecParams(
                                codec.payloadType(),
                                codec(codec.codec()),
                                codec.clockRate(),
                                track.repairs().getOrDefault(codec.payloadType(), PayloadMapping.NO_RTX)))
                        .toList(),
                track.encodings().stream()
                        .map(encoding -> new EncodingParams(encoding.rid(), encoding.ssrc(), encoding.rtxSsrc()))
                        .toList(),
                track.nack(),
                track.pli(),
                track.fir(),
                track.transportCc(),
                track.screen(),
                stream);
    }

    private static Codec codec(dev.noir.sdp.Codec codec) {
        return switch (codec) {
            case OPUS -> Codec.OPUS;
            case VP8 -> Codec.VP8;
            case VP9 -> Codec.VP9;
            case H264 -> Codec.H264;
            case AV1 -> Codec.AV1;
            case RED -> Codec.RED;
        };
    }

    private static dev.noir.sdp.Codec codec(Codec codec) {
        return switch (codec) {
            case OPUS, RED -> dev.noir.sdp.Codec.OPUS;
            case VP8 -> dev.noir.sdp.Codec.VP8;
            case VP9 -> dev.noir.sdp.Codec.VP9;
            case H264 -> dev.noir.sdp.Codec.H264;
            case AV1 -> dev.noir.sdp.Codec.AV1;
        };
    }

    static EncodedFrame frame(TapFrame frame) {
        return new EncodedFrame(
                codec(frame.codec()),
                frame.key(),
                frame.captureMicros(),
                frame.width(),
                frame.height(),
                frame.codecPrivate(),
                frame.data());
    }

    static boolean isVideo(Codec codec) {
        return codec(codec).kind() == dev.noir.sdp.MediaKind.VIDEO;
    }

    static DownTrackParams downTrack(SubscriberAnswer.Section accepted) {
        return new DownTrackParams(
                accepted.mid(),
                accepted.ssrc(),
                accepted.rtxSsrc(),
                accepted.payloads().stream()
                        .map(payload -> new PayloadMapping(
                                payload.sourcePayloadType(), payload.payloadType(), payload.rtxPayloadType()))
                        .toList(),
                extensions(accepted.extensions()),
                accepted.cname());
    }

    static DownTrackWish wish(LayerWish wish) {
        return new DownTrackWish(
                wish.muted(), wish.maxSpatial(), wish.maxTemporal(), wish.width(), wish.height(), wish.priority());
    }

    static TransportState state(dev.noir.media.TransportState state) {
        return switch (state) {
            case CONNECTING -> TransportState.CONNECTING;
            case CONNECTED -> TransportState.CONNECTED;
            case DISCONNECTED -> TransportState.DISCONNECTED;
            case CLOSED -> TransportState.CLOSED;
        };
    }

    static ChannelEnd end(ChannelCloseReason reason) {
        return switch (reason) {
            case CLOSED -> ChannelEnd.CLOSED;
            case TOO_SLOW -> ChannelEnd.TOO_SLOW;
            case VIOLATION -> ChannelEnd.VIOLATION;
            case LOST -> ChannelEnd.LOST;
        };
    }

    static MediaEnd end(CloseReason reason) {
        return switch (reason) {
            case NONE -> MediaEnd.NONE;
            case CONSENT_EXPIRED -> MediaEnd.CONSENT_EXPIRED;
            case DTLS_CLOSED -> MediaEnd.CLOSED_BY_CLIENT;
            case DTLS_FAILED -> MediaEnd.DTLS_FAILED;
            case FINGERPRINT_MISMATCH -> MediaEnd.FINGERPRINT_MISMATCH;
            case HANDSHAKE_TIMEOUT -> MediaEnd.HANDSHAKE_TIMEOUT;
            case BUG -> MediaEnd.BUG;
        };
    }
}
