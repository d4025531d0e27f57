package dev.noir.route;

import dev.noir.access.Password;
import dev.noir.room.CloseCause;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;

/** What a client is told when a host does not take it. Thread: any. */
final class Refusals {
    private static final String WRONG = "wrong password";

    private Refusals() {}

    /** Of a join whose password has not been looked at. */
    static RoomException tooMany() {
        return new RoomException(Code.TOO_MANY, "too many passwords have been tried, try again later");
    }

    /** Of a join. The host does not know whether there was a password that opened nothing. */
    static RoomException told(RoomException error, Password password) {
        return error.code() == Code.PASSWORD_NEEDED && password.isGiven()
                ? new RoomException(Code.PASSWORD_NEEDED, WRONG)
                : error;
    }

    /** Of going on elsewhere. */
    static CloseCause causeOf(RoomException error) {
        return switch (error.code()) {
            case ALREADY_JOINED -> CloseCause.REPLACED;
            case ROOM_ENDED -> CloseCause.ROOM_ENDED;
            case BANNED -> CloseCause.banned("");
            // Joining again gets it a better answer.
            case LOGIN_NEEDED, PASSWORD_NEEDED, FORBIDDEN, LOCKED, NO_SUCH_PEER, TOO_MANY -> CloseCause.ROOM_LOST;
            case INVALID, NOT_JOINED, ROOM_FULL, PUBLISHERS_FULL, MOVED, UNAVAILABLE, INTERNAL -> CloseCause.ROOM_LOST;
        };
    }
}
