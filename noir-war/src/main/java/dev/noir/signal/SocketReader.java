package dev.noir.signal;

/** Whom the frames of one WebSocket are read by. Thread: the container's, one at a time per socket. */
public interface SocketReader {
    /** A text frame or a part of one. */
    void received(String part, boolean last);

    /** A binary frame or a part of one. */
    void receivedBinary(byte[] part, boolean last);

    /** A pong. */
    void heard();

    /** The socket has been closed by whichever side. */
    void closed();

    /** The container reports an error, ours or the network's. */
    void failed();
}
