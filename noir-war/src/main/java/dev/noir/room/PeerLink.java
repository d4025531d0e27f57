package dev.noir.room;

/**
 * Port: how the core talks to one client on its own account. Implementations neither block nor throw; what can't be
 * delivered any more is dropped. The object is the client's identity here. Thread: any.
 */
public interface PeerLink {
    /** A subscriber offer; the client answers through {@link PeerRequests#answer}. */
    void offer(String sdp);

    /** One of the server's candidates for the connection named by {@code role}. */
    void trickle(TransportRole role, LocalCandidate candidate);

    /** Something that the client may want to know. */
    void notify(Notification notification);

    /** What has to be known to go on with the room elsewhere; for the node that the client is at, and nothing for the client. */
    default void learned(LearnedEncoding encoding) {}

    /** Tells the client why, then ends its connection. {@link PeerRequests#leave} need not follow. */
    void close(CloseCause cause);

    /** The room has closed here and can be found elsewhere: who can follows, who can't is closed for this cause. */
    default void moved(CloseCause otherwise) {
        close(otherwise);
    }

    /** The peer has left by closing both connections; the link may join again. */
    default void left() {}

    /** False while nothing would arrive; silence says nothing about the client then. */
    default boolean isReachable() {
        return true;
    }
}
