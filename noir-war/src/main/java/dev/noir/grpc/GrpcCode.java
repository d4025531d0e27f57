package dev.noir.grpc;

import dev.noir.admin.CommandException;
import dev.noir.room.RoomException;

/** How a stream ends, as gRPC numbers it (its page "Status codes and their use in gRPC"). */
enum GrpcCode {
    OK(0),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    UNAUTHENTICATED(16);

    private static final int CLOSE_CODES = 4100;

    private final int number;

    GrpcCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** What a session is closed with to end its stream so; private use (RFC 6455 §7.4.2). */
    int closeCode() {
        return CLOSE_CODES + number;
    }

    /** What a session is ended with, which are codes of WebSocket and our own: docs/protocol.md. */
    static GrpcCode ofClose(int code) {
        for (GrpcCode known : values()) {
            if (known.closeCode() == code) {
                return known;
            }
        }
        return switch (code) {
            case 1000 -> OK;
            case 1003 -> INVALID_ARGUMENT;
            case 1008, 1009 -> RESOURCE_EXHAUSTED;
            case 1011 -> INTERNAL;
            case 4000, 4001, 4002, 4011 -> ABORTED;
            case 4005 -> FAILED_PRECONDITION;
            case 4007, 4008 -> PERMISSION_DENIED;
            case 4009, 4010 -> UNAUTHENTICATED;
            default -> UNAVAILABLE; // Come again: 1001, 1013, 4003, 4004, 4006.
        };
    }

    /** Of a command that was not done. */
    static GrpcCode of(CommandException.Code code) {
        return switch (code) {
            case UNKNOWN -> UNIMPLEMENTED;
            case INVALID -> INVALID_ARGUMENT;
            case FORBIDDEN -> PERMISSION_DENIED;
            case NOT_FOUND -> NOT_FOUND;
            case EXISTS -> ALREADY_EXISTS;
            case ENDED -> FAILED_PRECONDITION;
            case TOO_MANY, FULL -> RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> UNAVAILABLE;
            case DEADLINE -> DEADLINE_EXCEEDED;
            case INTERNAL -> INTERNAL;
        };
    }

    /** Of a join that has been refused where the protocol has no other words for it. */
    static GrpcCode of(RoomException.Code code) {
        return switch (code) {
            case INVALID -> INVALID_ARGUMENT;
            case NOT_JOINED, ALREADY_JOINED, LOCKED, ROOM_ENDED -> FAILED_PRECONDITION;
            case ROOM_FULL, PUBLISHERS_FULL, TOO_MANY -> RESOURCE_EXHAUSTED;
            case LOGIN_NEEDED, PASSWORD_NEEDED -> UNAUTHENTICATED;
            case FORBIDDEN, BANNED -> PERMISSION_DENIED;
            case NO_SUCH_PEER -> NOT_FOUND;
            case MOVED, UNAVAILABLE -> UNAVAILABLE;
            case INTERNAL -> INTERNAL;
        };
    }
}
