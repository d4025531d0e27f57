package dev.noir.room;

/** A use case refused, with a text that may be shown to the client that asked. */
public final class RoomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for whoever maps it to a protocol. */
    public enum Code {
        /** The request itself is wrong: a name, an SDP, a candidate. */
        INVALID,
        /** No room has been joined on this link. */
        NOT_JOINED,
        /** The link is in a room already. */
        ALREADY_JOINED,
        ROOM_FULL,
        /** This node can't serve now: stopping, or its media plane failed. */
        UNAVAILABLE,
        /** A bug; the details are in the log. */
        INTERNAL
    }

    private final Code code;

    public RoomException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public RoomException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** In the words of ion-sfu, which client programs compare with. */
    static RoomException notJoined() {
        return new RoomException(Code.NOT_JOINED, "no rtc transport exists for this Peer");
    }

    /** In the words of ion-sfu, which client programs compare with. */
    static RoomException alreadyJoined() {
        return new RoomException(Code.ALREADY_JOINED, "rtc transport already exists for this connection");
    }
}
