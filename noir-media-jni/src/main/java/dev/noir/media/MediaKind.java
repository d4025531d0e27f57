package dev.noir.media;

/** What a track carries. */
public enum MediaKind {
    AUDIO(1),
    VIDEO(2);

    /** On the wire to native code: append only. */
    final int code;

    MediaKind(int code) {
        this.code = code;
    }
}
