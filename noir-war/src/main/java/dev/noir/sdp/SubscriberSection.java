package dev.noir.sdp;

import java.util.List;

/**
 * One audio or video section of our offers to a subscriber: room for one down track.
 *
 * @param active true = sendonly; false = inactive, nobody's track
 * @param codecs what the publisher may send, with the publisher's payload types
 * @param payloads the same codecs on this transport, before the client answered
 * @param rtxSsrc 0 for audio
 */
public record SubscriberSection(
        String mid,
        MediaKind kind,
        boolean active,
        String streamId,
        String trackId,
        List<CodecParameters> codecs,
        List<PayloadMapping> payloads,
        long ssrc,
        long rtxSsrc) {
    public SubscriberSection {
        codecs = List.copyOf(codecs);
        payloads = List.copyOf(payloads);
    }

    /** RFC 7022: any string constant per source; ion uses the stream id, so audio and video of one stream share it. */
    public String cname() {
        return streamId;
    }
}
