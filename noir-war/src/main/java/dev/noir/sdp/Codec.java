package dev.noir.sdp;

import java.util.Optional;

/** The codecs we negotiate and forward. */
public enum Codec {
    OPUS(MediaKind.AUDIO, "opus", 48_000, "2"),
    VP8(MediaKind.VIDEO, "VP8", 90_000, ""),
    VP9(MediaKind.VIDEO, "VP9", 90_000, ""),
    H264(MediaKind.VIDEO, "H264", 90_000, ""),
    AV1(MediaKind.VIDEO, "AV1", 90_000, ""),
    /** Opus with repeats of earlier packets (RFC 2198). */
    RED(MediaKind.AUDIO, "red", 48_000, "2");

    private final MediaKind kind;
    private final String encodingName;
    private final int clockRate;
    private final String channels;

    Codec(MediaKind kind, String encodingName, int clockRate, String channels) {
        this.kind = kind;
        this.encodingName = encodingName;
        this.clockRate = clockRate;
        this.channels = channels;
    }

    public MediaKind kind() {
        return kind;
    }

    /** RTP clock in Hz. */
    public int clockRate() {
        return clockRate;
    }

    /** The right half of {@code a=rtpmap}, such as {@code opus/48000/2}. */
    String rtpmap() {
        String map = encodingName + "/" + clockRate;
        return channels.isEmpty() ? map : map + "/" + channels;
    }

    /** Finds the codec of an rtpmap; encoding names ignore case (RFC 8866 §6.6). */
    static Optional<Codec> ofRtpmap(MediaKind kind, String rtpmap) {
        for (Codec codec : values()) {
            if (codec.kind == kind && codec.rtpmap().equalsIgnoreCase(rtpmap)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }
}
