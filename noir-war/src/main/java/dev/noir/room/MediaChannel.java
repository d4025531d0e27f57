package dev.noir.room;

/** A data channel of a transport (RFC 8831). Thread: rooms. */
public interface MediaChannel {
    String label();

    /** What is sent arrives, or the channel ends. Ours are. */
    boolean reliable();

    /** Dropped when the channel is not there any more or the client does not keep up. */
    void send(boolean binary, byte[] message);

    /** Nothing comes on it any more; {@code end} is what {@link MediaTransport.Events#onChannelClosed} will say. */
    void close(ChannelEnd end);
}
