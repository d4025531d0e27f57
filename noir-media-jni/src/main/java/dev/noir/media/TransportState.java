package dev.noir.media;

/** Where a transport stands. After {@link #CLOSED} its id names nothing any more. */
public enum TransportState {
    CONNECTING(1),
    CONNECTED(2),
    DISCONNECTED(3),
    CLOSED(4);

    /** On the wire from native code: append only. */
    final int code;

    TransportState(int code) {
        this.code = code;
    }

    static TransportState of(int code) {
        for (TransportState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        throw new MediaException(ErrorCode.MALFORMED, "unknown transport state " + code);
    }
}
