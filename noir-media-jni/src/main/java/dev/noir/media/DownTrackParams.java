package dev.noir.media;

import java.util.List;

/**
 * What negotiation decided about one subscriber's copy of a track.
 *
 * @param rtxSsrc 0 = no RTX
 */
public record DownTrackParams(
        String mid, long ssrc, long rtxSsrc, List<PayloadMapping> payloads, HeaderExtensions extensions, String cname) {

    public DownTrackParams {
        payloads = List.copyOf(payloads);
    }
}
