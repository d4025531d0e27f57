package dev.noir.bus;

/**
 * One message from node to node.
 *
 * @param from node id of the sender
 * @param to node id of the receiver
 * @param kind what it is about
 * @param room the room's name, or empty
 * @param peer the link's id at the signalling node, or empty
 * @param epoch of the room's lease as the sender knows it, or 0
 * @param request the sender's number for what it asks, repeated by REPLY and ERROR; 0: nothing is to be answered
 * @param payload what belongs to the kind, usually JSON; may be empty
 */
public record Envelope(
        String from, String to, Kind kind, String room, String peer, long epoch, long request, String payload) {
    /** Written by name, so the order may change; a name that the receiver does not know is dropped and counted. */
    public enum Kind {
        JOIN,
        RESUME,
        OFFER,
        ANSWER,
        LEAVE,
        /** The link ids of all peers that the sender has at the receiver. */
        ATTACHED,
        /** Something that needs the grant to moderate. Without a peer it is for another part of the sender. */
        MODERATE,
        /** Something that management asks of the receiver itself: no room, no peer. */
        COMMAND,
        REPLY,
        ERROR,
        SERVER_OFFER,
        SERVER_TRICKLE,
        /** Something that the client may want to know. */
        NOTIFY,
        CLOSE,
        /** The peer has left by closing its connections, the client's socket stays. */
        LEFT,
        MOVED,
        PING
    }

    /** The answer to this one, back to where it came from: same room, peer, epoch and request. */
    public Envelope answer(Kind answerKind, String answerPayload) {
        return new Envelope(to, from, answerKind, room, peer, epoch, request, answerPayload);
    }
}
