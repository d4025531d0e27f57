package dev.noir.sdp;

import java.util.Optional;

/** The RTP header extensions (RFC 8285) we understand; each with its id on subscriber transports. */
public enum HeaderExtension {
    MID("urn:ietf:params:rtp-hdrext:sdes:mid", 1),
    ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", 2),
    AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level", 3),
    VIDEO_ORIENTATION("urn:3gpp:video-orientation", 4),
    DEPENDENCY_DESCRIPTOR("https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension", 5),
    TRANSPORT_SEQUENCE("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", 6),
    RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", 7),
    REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", 8),
    CAPTURE_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 9),
    PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", 10),
    LAYERS_ALLOCATION("http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00", 11);

    private final String uri;
    private final int subscriberId;

    HeaderExtension(String uri, int subscriberId) {
        this.uri = uri;
        this.subscriberId = subscriberId;
    }

    public String uri() {
        return uri;
    }

    /** Our own id towards subscribers: the same in every section, so a bundle never has two meanings for one id. */
    int subscriberId() {
        return subscriberId;
    }

    static Optional<HeaderExtension> ofUri(String uri) {
        for (HeaderExtension extension : values()) {
            if (extension.uri.equals(uri)) {
                return Optional.of(extension);
            }
        }
        return Optional.empty();
    }
}
