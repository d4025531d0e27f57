package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;

/**
 * One audio or video section of our offers to a subscriber: room for one down track.
 *
 * @param state what the next offer says about it
 * @param codecs the payload types on this transport, before the client answered
 * @param payloads the publisher's payload types and ours for them
 * @param ssrc 32 bits, drawn for this track and subscriber
 * @param rtxSsrc 0 for audio
 */
public record SubscriberSection(
        String mid,
        MediaKind kind,
        State state,
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

    public enum State {
        /** sendonly. */
        ACTIVE,
        /** Nobody's track; the client has not said yet that it knows. */
        INACTIVE,
        /** Nobody's track, and the client knows: may take another one. */
        FREE,
        /** The client refused the section: port 0 from now on, until another track takes its place under a new mid. */
        REFUSED
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    SubscriberSection with(State newState) {
        return new SubscriberSection(mid, kind, newState, streamId, trackId, codecs, payloads, ssrc, rtxSsrc);
    }

    /** RFC 7022: any string constant per source; ion uses the stream id, so audio and video of one stream share it. */
    public String cname() {
        return streamId;
    }

    String rtpmap(PayloadMapping mapping) {
        for (CodecParameters codec : codecs) {
            if (codec.payloadType() == mapping.payloadType()) {
                return codec.codec().rtpmap();
            }
        }
        return "";
    }

    int rtxPayloadType(int payloadType) {
        for (PayloadMapping mapping : payloads) {
            if (mapping.payloadType() == payloadType) {
                return mapping.rtxPayloadType();
            }
        }
        return PayloadMapping.NO_RTX;
    }

    /** The extensions we offer in this section. */
    List<HeaderExtension> extensions() {
        List<HeaderExtension> offered = new ArrayList<>(List.of(
                HeaderExtension.MID,
                HeaderExtension.ABS_SEND_TIME,
                HeaderExtension.TRANSPORT_SEQUENCE,
                HeaderExtension.CAPTURE_TIME));
        if (kind == MediaKind.AUDIO) {
            offered.add(HeaderExtension.AUDIO_LEVEL);
            return offered;
        }
        offered.add(HeaderExtension.VIDEO_ORIENTATION);
        offered.add(HeaderExtension.PLAYOUT_DELAY);
        if (codecs.stream().anyMatch(codec -> codec.codec() == Codec.AV1)) {
            offered.add(HeaderExtension.DEPENDENCY_DESCRIPTOR);
        }
        return offered;
    }
}
