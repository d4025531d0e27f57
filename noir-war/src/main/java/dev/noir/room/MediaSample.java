package dev.noir.room;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the media plane knows of one transport at a moment, as far as it is worth remembering: {@link MediaExplanation} says more, and
 * takes more time.
 *
 * @param path empty before one was nominated
 * @param line empty unless the client reports packet by packet
 * @param received of a publisher
 * @param sent of a subscriber
 */
public record MediaSample(
        TransportState state, Optional<Path> path, Optional<Line> line, List<Received> received, List<Sent> sent) {
    public MediaSample {
        received = List.copyOf(received);
        sent = List.copyOf(sent);
    }

    /** Not known. */
    public static final int UNKNOWN = -1;

    /** @param roundTripMicros {@link #UNKNOWN}, or of the server's own check */
    public record Path(boolean tcp, long roundTripMicros) {}

    /**
     * What lies towards the client.
     *
     * @param estimate what it takes, bit/s
     * @param roundTripMicros {@link #UNKNOWN}, or as reports say
     * @param limitedByLoss whether that is why it takes no more
     */
    public record Line(long estimate, int lossPermille, long roundTripMicros, boolean limitedByLoss) {}

    /**
     * A track of a publisher, all encodings together.
     *
     * @param packets that came, since the track began
     * @param lost on the way, repaired or not
     * @param bitrate bit/s, of late
     */
    public record Received(String mid, long packets, long lost, long bitrate) {}

    /**
     * A subscriber's copy of a track.
     *
     * @param packets since it began
     * @param octets of payload, since it began
     * @param lossPermille {@link #UNKNOWN}, or as the client has reported
     * @param lost on the way, since it began, repaired or not (RFC 3550 §6.4.1: fewer when packets come twice); empty before the
     *     client's first report
     * @param keyFrameRequests of the client, since it began: it asks when it cannot show what comes
     * @param roundTripMicros {@link #UNKNOWN}, or as the client has reported
     */
    public record Sent(
            String mid,
            long packets,
            long octets,
            int lossPermille,
            OptionalLong lost,
            long keyFrameRequests,
            long roundTripMicros,
            MediaExplanation.Layers layers) {}
}
