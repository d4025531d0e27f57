package dev.noir.sfu;

import dev.noir.media.MediaKind;
import dev.noir.media.TransportExplanation;
import dev.noir.media.TransportExplanation.Bandwidth;
import dev.noir.media.TransportExplanation.Encoding;
import dev.noir.media.TransportExplanation.Path;
import dev.noir.media.TransportExplanation.Received;
import dev.noir.media.TransportExplanation.Sent;
import dev.noir.room.MediaExplanation;
import dev.noir.room.MediaExplanation.Layer;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import dev.noir.sdp.IceCandidate;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a loop says of a transport, in the words of the room. Thread: any. */
final class MediaExplanations {
    private static final double MICROS_PER_MILLI = 1000;

    // Beyond this a limit is none.
    private static final long UNLIMITED = 1_000_000_000_000L;

    private MediaExplanations() {}

    /** @param candidates of the transport's loop, in the order of its addresses */
    static MediaExplanation of(TransportExplanation said, List<IceCandidate> candidates) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("state", word(said.state()));
        said.path().ifPresent(path -> figures.put("path", path(path)));
        if (!said.dtlsSuite().isEmpty()) {
            figures.put(
                    "dtls",
                    Map.of(
                            "version",
                            "DTLS 1.2",
                            "suite",
                            said.dtlsSuite(),
                            "role",
                            said.dtlsClient() ? "client" : "server"));
        }
        figures.put("srtp", srtp(said.srtpProfile()));
        said.bandwidth().ifPresent(bandwidth -> figures.put("bandwidth", bandwidth(bandwidth)));
        figures.put("queue", queue(said.waiting()));
        figures.put("tracksLeftOut", said.tracksLeftOut());
        return new MediaExplanation(
                figures,
                said.path().map(path -> addresses(path, candidates)).orElse(Map.of()),
                said.bandwidth().map(Bandwidth::estimate),
                said.received().stream().map(MediaExplanations::received).toList(),
                said.sent().stream().map(MediaExplanations::sent).toList());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static double millis(long micros) {
        return micros / MICROS_PER_MILLI;
    }

    private static Map<String, Object> path(Path path) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("protocol", path.tcp() ? "tcp" : "udp");
        tree.put("proven", path.proven());
        tree.put("silentMs", path.silentMillis());
        if (path.roundTripMicros() > 0) {
            tree.put("rttMs", millis(path.roundTripMicros()));
        }
        return tree;
    }

    /** Ours is a candidate that we have offered; the client's is what its packets come from, whatever it calls that. */
    private static Map<String, Object> addresses(Path path, List<IceCandidate> candidates) {
        Map<String, Object> pair = new LinkedHashMap<>();
        List<IceCandidate> same =
                candidates.stream().filter(c -> c.tcp() == path.tcp()).toList();
        path.place().stream()
                .filter(place -> place < same.size())
                .forEach(place -> pair.put("local", same.get(place).print()));
        pair.put("remote", text(path.remote()));
        return Map.of("pair", pair);
    }

    private static String text(InetSocketAddress address) {
        String ip = address.getAddress().getHostAddress();
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + address.getPort();
    }

    /** The names of RFC 5764 §4.1.2 and RFC 7714 §14.2. */
    private static String srtp(int profile) {
        return switch (profile) {
            case 0 -> "none";
            case 1 -> "SRTP_AES128_CM_HMAC_SHA1_80";
            case 7 -> "SRTP_AEAD_AES_128_GCM";
            case 8 -> "SRTP_AEAD_AES_256_GCM";
            default -> String.valueOf(profile);
        };
    }

    private static Map<String, Object> bandwidth(Bandwidth bandwidth) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("estimate", bandwidth.estimate());
        tree.put("limitedBy", limit(bandwidth.limit()));
        tree.put("wanted", bandwidth.wanted());
        tree.put("sent", bandwidth.sent());
        tree.put("delivered", bandwidth.delivered());
        tree.put("delayLimit", bandwidth.delayLimit());
        if (bandwidth.lossLimit() < UNLIMITED) {
            tree.put("lossLimit", bandwidth.lossLimit());
        }
        if (bandwidth.receiverLimit() > 0) {
            tree.put("receiverLimit", bandwidth.receiverLimit());
        }
        tree.put("delay", word(bandwidth.usage()));
        tree.put("rttMs", millis(bandwidth.roundTripMicros()));
        tree.put("queueMs", millis(bandwidth.queueMicros()));
        tree.put("jitterMs", millis(bandwidth.jitterMicros()));
        tree.put("lossPermille", bandwidth.lossPermille());
        tree.put("ownLossPermille", bandwidth.ownLossPermille());
        tree.put("reports", bandwidth.reports());
        tree.put("bytes", bandwidth.octets());
        tree.put("paddingBytes", bandwidth.paddingOctets());
        tree.put("paced", bandwidth.paced());
        return tree;
    }

    private static String limit(TransportExplanation.Limit limit) {
        return switch (limit) {
            case START -> "nothing: it is where every line begins";
            case PROOF -> "proof: no more has been tried";
            case DELAY -> "delay";
            case LOSS -> "loss";
            case SILENCE -> "silence: reports do not come";
            case RECEIVER -> "the receiver (REMB)";
        };
    }

    private static Map<String, Object> queue(TransportExplanation.Waiting waiting) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("packets", waiting.packets());
        tree.put("bytes", waiting.octets());
        tree.put("ms", millis(waiting.micros()));
        return tree;
    }

    private static MediaExplanation.Received received(Received track) {
        List<Map<String, Object>> encodings =
                track.encodings().stream().map(MediaExplanations::encoding).toList();
        return new MediaExplanation.Received(track.mid(), Map.of("encodings", encodings));
    }

    private static Map<String, Object> encoding(Encoding encoding) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rid", encoding.rid());
        tree.put("ssrc", encoding.ssrc());
        tree.put("active", encoding.active());
        tree.put("bitrate", encoding.bitrate());
        tree.put("width", encoding.width());
        tree.put("height", encoding.height());
        tree.put("packets", encoding.packets());
        tree.put("lost", encoding.lost());
        tree.put("jitterMs", millis(encoding.jitterMicros()));
        tree.put("nacked", encoding.nacked());
        tree.put("repaired", encoding.repaired());
        tree.put("keyFrameRequests", encoding.keyframeRequests());
        tree.put("keyFrames", encoding.keyframes());
        encoding.sinceKeyframeMillis().ifPresent(millis -> tree.put("sinceKeyFrameMs", millis));
        return tree;
    }

    private static MediaExplanation.Sent sent(Sent track) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sending", track.sending());
        track.encoding().ifPresent(encoding -> tree.put("encoding", encoding));
        track.allocated().ifPresent(layer -> tree.put("allocated", layer(layer)));
        tree.put("allocatedBitrate", track.allocatedBitrate());
        if (track.wanted().spatial() != TransportExplanation.NONE) {
            tree.put("wanted", layer(track.wanted()));
        }
        tree.put("packets", track.packets());
        tree.put("bytes", track.octets());
        tree.put("nacked", track.nacked());
        tree.put("repeated", track.repeated());
        tree.put("keyFrameRequests", track.keyframeRequests());
        track.sinceKeyframeMillis().ifPresent(millis -> tree.put("sinceKeyFrameMs", millis));
        track.report().ifPresent(report -> {
            tree.put("lost", report.lost());
            tree.put("lossPermille", report.fractionLost() * 1000 / 256);
            if (track.clockRate() > 0) {
                tree.put("jitterMs", report.jitterTicks() * MICROS_PER_MILLI / track.clockRate());
            }
        });
        if (track.roundTripMicros() > 0) {
            tree.put("rttMs", millis(track.roundTripMicros()));
        }
        return new MediaExplanation.Sent(track.mid(), tree, layers(track));
    }

    private static Map<String, Object> layer(TransportExplanation.Layer layer) {
        return Map.of("spatial", layer.spatial(), "temporal", layer.temporal());
    }

    static Layers layers(Sent track) {
        return new Layers(
                track.kind() == MediaKind.AUDIO,
                track.muted(),
                track.sending(),
                track.undecodable(),
                track.waitsForKeyframe(),
                track.encoding(),
                roomLayer(track.wanted()),
                track.reason().map(MediaExplanations::reason),
                track.allocated().map(MediaExplanations::roomLayer),
                offered(track.offered()));
    }

    private static List<Offered> offered(List<TransportExplanation.Offered> said) {
        List<Offered> layers = new ArrayList<>(said.size());
        for (TransportExplanation.Offered each : said) {
            layers.add(new Offered(roomLayer(each.layer()), each.bitrate(), each.available()));
        }
        return layers;
    }

    private static Layer roomLayer(TransportExplanation.Layer layer) {
        return new Layer(layer.spatial(), layer.temporal());
    }

    private static Reason reason(TransportExplanation.Reason reason) {
        return switch (reason) {
            case WANTED -> Reason.WANTED;
            case NOT_WANTED -> Reason.NOT_WANTED;
            case NOTHING_OFFERED -> Reason.NOTHING_OFFERED;
            case NO_BANDWIDTH -> Reason.NO_BANDWIDTH;
            case NO_HEAD_ROOM -> Reason.NO_HEAD_ROOM;
            case HELD_DOWN -> Reason.HELD_DOWN;
            case NEVER_PAUSED -> Reason.NEVER_PAUSED;
        };
    }
}
