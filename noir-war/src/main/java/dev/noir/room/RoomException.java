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
        /** The link is in a room already, or a resumed peer's name is taken. */
        ALREADY_JOINED,
        ROOM_FULL,
        /** As many peers as may do so send media already. */
        PUBLISHERS_FULL,
        /** It has to be known who asks. */
        LOGIN_NEEDED,
        /** Without the room's password nobody comes in, or does what was asked. */
        PASSWORD_NEEDED,
        /** Whoever asks may not do this, or not come in. */
        FORBIDDEN,
        /** Not to come in for some time. */
        BANNED,
        /** Nobody is let in any more. */
        LOCKED,
        /** There is nobody of that name in the room, or no such thing. */
        NO_SUCH_PEER,
        /** Too often; later it may be done. */
        TOO_MANY,
        /** The room's time is over, and its name is not free yet. */
        ROOM_ENDED,
        /** Another node hosts the room: {@link RoomException#node}. */
        MOVED,
        /** It can't be done now: this node is stopping, its media plane failed, or others can't be reached. */
        UNAVAILABLE,
        /** A bug; the details are in the log. */
        INTERNAL
    }

    private final Code code;
    private final String node;

    public RoomException(Code code, String message) {
        super(message);
        this.code = code;
        this.node = "";
    }

    public RoomException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.node = "";
    }

    private RoomException(String node) {
        super("the room is hosted by another node");
        this.code = Code.MOVED;
        this.node = node;
    }

    /** @param node the one that hosts the room; empty: not this one, and none is known */
    public static RoomException moved(String node) {
        return new RoomException(node);
    }

    public Code code() {
        return code;
    }

    /** With {@link Code#MOVED}: who hosts the room, or empty. */
    public String node() {
        return node;
    }

    /** In the words of ion-sfu, which client programs compare with. */
    public static RoomException notJoined() {
        return new RoomException(Code.NOT_JOINED, "no rtc transport exists for this Peer");
    }

    /** In the words of ion-sfu, which client programs compare with. */
    public static RoomException alreadyJoined() {
        return new RoomException(Code.ALREADY_JOINED, "rtc transport already exists for this connection");
    }

    /** The room's name is reserved after its end. */
    public static RoomException ended() {
        return new RoomException(Code.ROOM_ENDED, "the room has ended");
    }

    static RoomException internal() {
        return new RoomException(Code.INTERNAL, "internal error");
    }
}
