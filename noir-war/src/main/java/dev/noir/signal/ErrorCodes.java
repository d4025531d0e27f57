package dev.noir.signal;

import dev.noir.room.RoomException;

/** Every error code of the JSON-RPC protocol. docs/protocol.md explains them to clients. */
final class ErrorCodes {
    // JSON-RPC 2.0 §5.1.
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;

    // ion-sfu's only code; client programs compare the texts.
    static final int ION_ERROR = 500;

    // In the manner of ion's later gRPC protocol: HTTP and SIP status numbers.
    static final int ROOM_ENDED = 410;
    static final int ROOM_FULL = 486;
    static final int UNAVAILABLE = 503;

    private ErrorCodes() {}

    static int of(RoomException.Code code) {
        return switch (code) {
            case INVALID, NOT_JOINED, ALREADY_JOINED, INTERNAL -> ION_ERROR;
            case ROOM_FULL, PUBLISHERS_FULL -> ROOM_FULL;
            case ROOM_ENDED -> ROOM_ENDED;
            case UNAVAILABLE, MOVED -> UNAVAILABLE;
        };
    }
}
