package dev.noir.media;

/** Direction of a transport as seen from the client, like ion's {@code target}. */
public enum TransportRole {
    /** The client sends media to us. */
    PUBLISHER(0),
    /** We send media to the client. */
    SUBSCRIBER(1),
    /** There is no client: its media comes by {@link LoopCommands#inject}. */
    INJECTOR(2);

    /** On the wire to native code: append only. */
    final int code;

    TransportRole(int code) {
        this.code = code;
    }
}
