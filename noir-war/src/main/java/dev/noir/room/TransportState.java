package dev.noir.room;

/** Where a transport stands. CLOSED is final. */
public enum TransportState {
    CONNECTING,
    CONNECTED,
    /** No sign of life for some seconds; may come back, by an ICE restart at the latest. */
    DISCONNECTED,
    CLOSED
}
