package dev.noir.bot.rtc;

import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What libwebrtc has counted up to a moment.
 *
 * @param publisher where the publishing connection goes; empty: nowhere yet
 * @param subscriber the same of the subscribing one
 */
public record Readings(Optional<Path> publisher, Optional<Path> subscriber, List<Received> received, List<Sent> sent) {
    /**
     * The pair of candidates in use.
     *
     * @param local its type in the words of RFC 8445: host, srflx, prflx, relay
     * @param protocol udp or tcp
     * @param address the server's, and its port
     * @param rttMs of the newest check; 0 when there is none yet
     */
    public record Path(String local, String remote, String protocol, String address, double rttMs) {}

    /**
     * A track that is received.
     *
     * @param lost packets; below 0 when repeats count twice
     * @param frames decoded pictures; 0 of sound
     * @param width of the newest picture, 0 before there is one
     * @param energy of the sound, in W3C's unit: the square of the level, summed up over the time of {@code seconds}
     * @param seconds of sound that have been played
     * @param freezes so often pictures have stood still
     */
    public record Received(
            RemoteTrack track,
            long bytes,
            long packets,
            long lost,
            long frames,
            int width,
            int height,
            double energy,
            double seconds,
            long freezes) {}

    /** A track that is sent. */
    public record Sent(boolean video, long bytes, long packets, long frames) {}

    static Readings of(
            Map<String, RTCStats> publisher,
            Map<String, RTCStats> subscriber,
            Function<String, Optional<RemoteTrack>> tracksByMid) {
        List<Received> received = new ArrayList<>();
        for (RTCStats stats : subscriber.values()) {
            if (stats.getType() == RTCStatsType.INBOUND_RTP) {
                tracksByMid.apply(text(stats, "mid")).ifPresent(track -> received.add(received(track, stats)));
            }
        }
        List<Sent> sent = new ArrayList<>();
        for (RTCStats stats : publisher.values()) {
            if (stats.getType() == RTCStatsType.OUTBOUND_RTP) {
                sent.add(new Sent(
                        text(stats, "kind").equals("video"),
                        number(stats, "bytesSent").longValue(),
                        number(stats, "packetsSent").longValue(),
                        number(stats, "framesSent").longValue()));
            }
        }
        return new Readings(path(publisher), path(subscriber), received, sent);
    }

    private static Received received(RemoteTrack track, RTCStats stats) {
        return new Received(
                track,
                number(stats, "bytesReceived").longValue(),
                number(stats, "packetsReceived").longValue(),
                number(stats, "packetsLost").longValue(),
                number(stats, "framesDecoded").longValue(),
                number(stats, "frameWidth").intValue(),
                number(stats, "frameHeight").intValue(),
                number(stats, "totalAudioEnergy").doubleValue(),
                number(stats, "totalSamplesDuration").doubleValue(),
                number(stats, "freezeCount").longValue());
    }

    private static Optional<Path> path(Map<String, RTCStats> report) {
        return report.values().stream()
                .filter(stats -> stats.getType() == RTCStatsType.TRANSPORT)
                .map(transport -> report.get(text(transport, "selectedCandidatePairId")))
                .filter(pair -> pair != null)
                .findFirst()
                .flatMap(pair -> {
                    RTCStats local = report.get(text(pair, "localCandidateId"));
                    RTCStats remote = report.get(text(pair, "remoteCandidateId"));
                    return local == null || remote == null ? Optional.empty() : Optional.of(path(pair, local, remote));
                });
    }

    private static Path path(RTCStats pair, RTCStats local, RTCStats remote) {
        return new Path(
                text(local, "candidateType"),
                text(remote, "candidateType"),
                text(remote, "protocol"),
                address(text(remote, "address"), number(remote, "port").intValue()),
                number(pair, "currentRoundTripTime").doubleValue() * 1000);
    }

    private static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static Number number(RTCStats stats, String attribute) {
        return stats.getAttributes().get(attribute) instanceof Number number ? number : 0;
    }

    private static String text(RTCStats stats, String attribute) {
        return stats.getAttributes().get(attribute) instanceof String text ? text : "";
    }
}
