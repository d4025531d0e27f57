package dev.noir.room;

/** A data channel of a transport (RFC 8831). Thread: rooms. */
public interface MediaChannel {
    String label();

    /** Dropped when the channel is not there any more or the client does not keep up. */
    void send(boolean binary, byte[] message);
}
