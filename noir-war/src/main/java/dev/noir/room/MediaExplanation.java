package dev.noir.room;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the media plane knows of one transport at a moment. What is only told on, not thought about, is a figure: a number, a
 * text, a flag, or a map or list of such, under the name that it has in answers (docs/protocol.md).
 *
 * @param figures of the connection
 * @param addresses of its path: not for everybody
 * @param estimate what the line takes, bit/s; empty unless the client reports
 * @param received of a publisher
 * @param sent of a subscriber
 */
public record MediaExplanation(
        Map<String, Object> figures,
        Map<String, Object> addresses,
        Optional<Long> estimate,
        List<Received> received,
        List<Sent> sent) {
    public MediaExplanation {
        figures = new LinkedHashMap<>(figures);
        addresses = new LinkedHashMap<>(addresses);
        received = List.copyOf(received);
        sent = List.copyOf(sent);
    }

    /** A track of a publisher. */
    public record Received(String mid, Map<String, Object> figures) {}

    /** A subscriber's copy of a track. */
    public record Sent(String mid, Map<String, Object> figures, Layers layers) {}

    /** @param spatial the encoding, or the spatial layer of the only one */
    public record Layer(int spatial, int temporal) {}

    /** A layer that could be had; bit/s. */
    public record Offered(Layer layer, long bitrate, boolean available) {}

    /** Why a track gets what it gets of its subscriber's line. */
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
     * What is sent of a track, and what was decided about it.
     *
     * @param audio there are no layers
     * @param encoding that is being sent
     * @param wanted the highest that the subscriber asks for; beyond what there is: the best
     * @param reason empty: the line is not shared, since the client does not report
     * @param allocated empty with a reason: paused
     * @param offered ascending
     */
    public record Layers(
            boolean audio,
            boolean muted,
            boolean sending,
            boolean undecodable,
            boolean waitsForKeyFrame,
            OptionalInt encoding,
            Layer wanted,
            Optional<Reason> reason,
            Optional<Layer> allocated,
            List<Offered> offered) {
        public Layers {
            offered = List.copyOf(offered);
        }
    }
}
