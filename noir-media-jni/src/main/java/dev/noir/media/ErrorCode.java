package dev.noir.media;

/** Expected failures of the media plane. */
public enum ErrorCode {
    /** A stale id, or one of another loop. */
    NOT_FOUND(1),
    INVALID_ARGUMENT(2),
    LIMIT_EXCEEDED(3),
    MALFORMED(4),
    AUTHENTICATION(5),
    REPLAYED(6),
    BUFFER_TOO_SMALL(7),
    WRONG_STATE(8),
    /** The operating system refused, for example a port in use; the message says what. */
    SYSTEM(9),
    CRYPTO(10);

    /** Negative return values of native methods are minus this: append only. */
    final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    static ErrorCode of(int code) {
        for (ErrorCode error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return SYSTEM;
    }
}
