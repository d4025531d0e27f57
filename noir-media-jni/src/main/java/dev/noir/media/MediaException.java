package dev.noir.media;

/** A failure of the media plane that the caller of the failing method cannot repair on the spot. */
public final class MediaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public MediaException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public MediaException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Called by native code, which knows numbers only. */
    MediaException(int code, String message) {
        this(ErrorCode.of(code), message);
    }

    public ErrorCode code() {
        return code;
    }
}
