package dev.noir.room;

/** Seen from the client, as the wire's {@code target}: on PUBLISHER it sends media, on SUBSCRIBER it receives. */
public enum TransportRole {
    PUBLISHER(0),
    SUBSCRIBER(1);

    private final int target;

    TransportRole(int target) {
        this.target = target;
    }

    /** The number on the wire. */
    public int target() {
        return target;
    }
}
