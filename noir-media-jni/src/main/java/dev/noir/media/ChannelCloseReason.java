package dev.noir.media;

/** Why a data channel is no more. */
public enum ChannelCloseReason {
    /** By the client, or by command. */
    CLOSED(0),
    /** More messages waited for the client than may, or for longer. */
    TOO_SLOW(1),
    /** What came on it was no message of RFC 8831, or too long. */
    VIOLATION(2),
    /** The SCTP association has ended. */
    LOST(3);

    /** On the wire from native code: append only. */
    final int code;

    ChannelCloseReason(int code) {
        this.code = code;
    }

    static ChannelCloseReason of(int code) {
        for (ChannelCloseReason reason : values()) {
            if (reason.code == code) {
                return reason;
            }
        }
        throw new MediaException(ErrorCode.MALFORMED, "unknown reason of a channel's end " + code);
    }
}
