package dev.noir.bot.signal;

/** The server has refused a call, in its words, or cannot be reached. */
public final class SignalException extends Exception {
    private static final long serialVersionUID = 1;

    /** The server did not answer, or there is no connection to it any more. */
    public static final int NO_ANSWER = 0;

    private final int code;

    /** @param code of docs/protocol.md §3, or {@link #NO_ANSWER} */
    public SignalException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** @param cause why there is no connection */
    public SignalException(String message, Throwable cause) {
        super(message, cause);
        this.code = NO_ANSWER;
    }

    /** Of docs/protocol.md §3, or {@link #NO_ANSWER}. */
    public int code() {
        return code;
    }
}
