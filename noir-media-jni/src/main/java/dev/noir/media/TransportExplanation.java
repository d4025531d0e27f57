package dev.noir.media;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is known of a transport and its tracks, at the moment of {@link LoopCommands#explain}.
 *
 * @param dtlsSuite IANA's name; empty before the handshake is done
 * @param dtlsClient whether we began the handshake
 * @param srtpProfile number of RFC 5764 §4.1.2 and RFC 7714 §14.2; 0 = none
 * @param path empty before one was nominated
 * @param bandwidth empty unless the client reports packet by packet
 * @param waiting what waits for the line
 * @param tracksLeftOut tracks beyond those told of
 * @param received of a publisher
 * @param sent of a subscriber
 */
public record TransportExplanation(
        TransportRole role,
        TransportState state,
        String dtlsSuite,
        boolean dtlsClient,
        int srtpProfile,
        Optional<Path> path,
        Optional<Bandwidth> bandwidth,
        Waiting waiting,
        long tracksLeftOut,
        List<Received> received,
        List<Sent> sent) {

    /** No layer, no encoding, or no limit of one. */
    public static final int NONE = 0xFF;

    public TransportExplanation {
        received = List.copyOf(received);
        sent = List.copyOf(sent);
    }

    /**
     * The path that the client has nominated.
     *
     * @param local the socket: see {@link #place} and {@link #tcp}
     * @param proven whether whoever is there has answered us
     * @param silentMillis since the last authentic packet
     * @param roundTripMicros of our own check; 0 = not measured
     */
    public record Path(int local, InetSocketAddress remote, boolean proven, long silentMillis, long roundTripMicros) {
        private static final int TCP = 0x80;
        private static final int ELSEWHERE = 0x100;
        private static final int OTHER_PORTS = 0x40;

        public boolean tcp() {
            return (local & TCP) != 0;
        }

        /**
         * Which of our addresses, by its place in {@link MediaConfig#bindAddresses}; empty when the client came to another
         * port than the one that the loop has there.
         */
        public OptionalInt place() {
            int place = local & ~TCP;
            boolean own = local < ELSEWHERE && (!tcp() || place < OTHER_PORTS);
            return own ? OptionalInt.of(place) : OptionalInt.empty();
        }
    }

    /** What limits an estimate. On the wire: append only. */
    public enum Limit {
        START,
        PROOF,
        DELAY,
        LOSS,
        SILENCE,
        RECEIVER
    }

    /** How the delay behaves. On the wire: append only. */
    public enum Usage {
        NORMAL,
        OVERUSE,
        UNDERUSE
    }

    /**
     * What the line takes; all rates bit/s.
     *
     * @param lossLimit a huge number = none
     * @param receiverLimit by REMB; 0 = none
     * @param ownLossPermille what the path loses whatever is sent
     */
    public record Bandwidth(
            long estimate,
            long wanted,
            long sent,
            long delivered,
            long delayLimit,
            long lossLimit,
            long receiverLimit,
            Limit limit,
            Usage usage,
            long roundTripMicros,
            long queueMicros,
            long jitterMicros,
            int lossPermille,
            int ownLossPermille,
            long reports,
            long mismatchedReports,
            long octets,
            long paddingOctets,
            boolean paced) {}

    /** @param micros how long the one waits that has waited for longest */
    public record Waiting(long packets, long octets, long micros) {}

    /** A track of a publisher. */
    public record Received(TrackId id, String mid, MediaKind kind, boolean squelched, List<Encoding> encodings) {
        public Received {
            encodings = List.copyOf(encodings);
        }
    }

    /**
     * One rtp stream of a track, since it began.
     *
     * @param width 0 = not known
     * @param nacked sequence numbers that were asked for
     * @param repaired those of them that came as RTX; they are among {@code lost}, not among {@code packets}
     */
    public record Encoding(
            String rid,
            long ssrc,
            boolean active,
            long packets,
            long lost,
            long jitterMicros,
            long bitrate,
            int width,
            int height,
            long nacked,
            long repaired,
            long keyframeRequests,
            long keyframes,
            OptionalLong sinceKeyframeMillis) {}

    /** What a receiver report said last. */
    public record Report(int fractionLost, int lost, long jitterTicks) {}

    /** @param spatial the encoding, or the spatial layer of the only one */
    public record Layer(int spatial, int temporal) {}

    /** A layer that could be had. */
    public record Offered(Layer layer, int width, int height, long bitrate, boolean available) {}

    /** Why a track gets what it gets. On the wire: append only. */
    public enum Reason {
        WANTED,
        NOT_WANTED,
        NOTHING_OFFERED,
        NO_BANDWIDTH,
        NO_HEAD_ROOM,
        HELD_DOWN,
        NEVER_PAUSED
    }

    /**
     * A subscriber's copy of a track.
     *
     * @param octets of payload
     * @param nacked sequence numbers that the client asked for
     * @param roundTripMicros 0 = not known
     * @param encoding that is being sent
     * @param layer the highest of it that is sent
     * @param wanted by the subscriber
     * @param reason empty: the line is not shared, since the client does not report
     * @param allocated empty with a reason: paused
     */
    public record Sent(
            DownTrackId id,
            String mid,
            MediaKind kind,
            long packets,
            long octets,
            long nacked,
            long repeated,
            long keyframeRequests,
            Optional<Report> report,
            long clockRate,
            long roundTripMicros,
            OptionalLong sinceKeyframeMillis,
            boolean muted,
            boolean sending,
            boolean undecodable,
            boolean waitsForKeyframe,
            OptionalInt encoding,
            Layer layer,
            Layer wanted,
            Optional<Reason> reason,
            Optional<Layer> allocated,
            long allocatedBitrate,
            List<Offered> offered) {
        public Sent {
            offered = List.copyOf(offered);
        }
    }
}
