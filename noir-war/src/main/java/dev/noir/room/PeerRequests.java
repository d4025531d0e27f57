package dev.noir.room;

/**
 * Port: what a client can ask for. {@link RoomService} has the rooms of this node; other implementations may lead to those
 * of other nodes. Calls return at once, outcomes arrive at the {@link Reply} and the {@link PeerLink}; what is wrong at first
 * sight is thrown as a {@link RoomException} instead, and the reply is not used then. Requests of one link take effect in the
 * order of the calls. Thread: any, but one at a time per link.
 */
public interface PeerRequests {
    void join(PeerLink link, JoinRequest request, Reply reply);

    /** A new offer for the publisher connection. */
    void offer(PeerLink link, String sdp, Reply reply);

    /** The client's answer to {@link PeerLink#offer}. */
    void answer(PeerLink link, String sdp, Reply reply);

    /** A candidate of the client's. Being ICE-lite we learn addresses from its checks; it is only looked at. */
    void trickle(PeerLink link, TransportRole role, String candidate, Reply reply);

    /** Something that needs the grant {@code moderate}. Thrown or told to the reply: FORBIDDEN without it. */
    void moderate(PeerLink link, ModerationCommand command, Reply reply);

    /** The client has gone. Harmless when it was in no room. */
    void leave(PeerLink link);

    boolean isJoined(PeerLink link);
}
