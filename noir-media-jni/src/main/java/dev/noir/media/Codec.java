package dev.noir.media;

/** Codecs that are forwarded. */
public enum Codec {
    OPUS(1),
    VP8(2),
    VP9(3),
    H264(4),
    AV1(5),
    /** Opus with repeats of earlier packets (RFC 2198). */
    RED(6);

    /** On the wire to native code: append only. */
    final int code;

    Codec(int code) {
        this.code = code;
    }

    static Codec of(int code) {
        for (Codec codec : values()) {
            if (codec.code == code) {
                return codec;
            }
        }
        throw new MediaException(ErrorCode.MALFORMED, "unknown codec " + code);
    }
}
