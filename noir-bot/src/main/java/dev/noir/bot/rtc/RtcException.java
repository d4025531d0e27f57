package dev.noir.bot.rtc;

import java.util.concurrent.ExecutionException;

/** libwebrtc refuses something, or does not come to an end with it; or this machine lacks what it needs. */
public final class RtcException extends Exception {
    private static final long serialVersionUID = 1;

    public RtcException(String message) {
        super(message);
    }

    public RtcException(String message, Throwable cause) {
        super(message, cause);
    }

    /** In the words of what something has ended with. */
    static RtcException of(ExecutionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new RtcException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
}
