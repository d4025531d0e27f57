package dev.noir.room;

/**
 * Port: how the core talks to one client on its own account. Implementations neither block nor throw; what can't be
 * delivered any more is dropped. The object is the client's identity here. Thread: any.
 */
public interface PeerLink {
    /** A subscriber offer; the client answers through {@link RoomService#answer}. */
    void offer(String sdp);

    /** One of the server's candidates for the connection named by {@code role}. */
    void trickle(TransportRole role, LocalCandidate candidate);

    /** Tells the client why, then ends its connection. {@link RoomService#leave} need not follow. */
    void close(CloseCause cause);
}
