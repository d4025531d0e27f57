package dev.noir.protocol;

import dev.noir.room.RoomException;

/** Every error code of the JSON-RPC protocol. docs/protocol.md explains them to clients. */
public final class ErrorCodes {
    // JSON-RPC 2.0 §5.1.
    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;

    // ion-sfu's only code; client programs compare the texts.
    public static final int ION_ERROR = 500;

    // In the manner of ion's later gRPC protocol: HTTP and SIP status numbers.
    public static final int LOGIN_NEEDED = 401;
    public static final int FORBIDDEN = 403;
    public static final int NOT_FOUND = 404;
    public static final int ROOM_ENDED = 410;
    public static final int LOCKED = 423;
    public static final int TOO_MANY = 429;
    public static final int ROOM_FULL = 486;
    public static final int UNAVAILABLE = 503;

    private ErrorCodes() {}

    public static int of(RoomException.Code code) {
        return switch (code) {
            case INVALID, NOT_JOINED, ALREADY_JOINED, INTERNAL -> ION_ERROR;
            case LOGIN_NEEDED, PASSWORD_NEEDED -> LOGIN_NEEDED;
            case FORBIDDEN, BANNED -> FORBIDDEN;
            case NO_SUCH_PEER -> NOT_FOUND;
            case LOCKED -> LOCKED;
            case TOO_MANY -> TOO_MANY;
            case ROOM_FULL, PUBLISHERS_FULL -> ROOM_FULL;
            case ROOM_ENDED -> ROOM_ENDED;
            case UNAVAILABLE, MOVED -> UNAVAILABLE;
        };
    }
}
