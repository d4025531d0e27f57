package dev.noir.sdp;

/** What a media section with RTP carries. */
public enum MediaKind {
    AUDIO("audio"),
    VIDEO("video");

    private final String sdpName;

    MediaKind(String sdpName) {
        this.sdpName = sdpName;
    }

    /** The media type of the m-line. */
    public String sdpName() {
        return sdpName;
    }
}
