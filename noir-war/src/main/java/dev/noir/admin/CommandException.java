package dev.noir.admin;

import dev.noir.room.RoomException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A command refused or failed, with a text that may be shown to whoever gave it. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for whoever maps it to a protocol. */
    public enum Code {
        /** There is no such command. */
        UNKNOWN,
        /** A member is missing, unknown, or not what it must be. */
        INVALID,
        FORBIDDEN,
        /** There is no such node, room, peer, ban or job. */
        NOT_FOUND,
        /** There is one of that name. */
        EXISTS,
        /** The room's time is over, and its name is not free yet. */
        ENDED,
        /** Too many commands, or too much of something. */
        TOO_MANY,
        /** The room has no place for that. */
        FULL,
        /** Who would have to do it cannot be reached now; whether it was done is not known when it is a change. */
        UNAVAILABLE,
        /** Nobody has answered in time; as above. */
        DEADLINE,
        /** A bug; the details are in the log. */
        INTERNAL
    }

    private final Code code;

    public CommandException(Code code, String message) {
        super(message);
        this.code = code;
    }

    private CommandException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** What the parts behind a command have failed with. */
    public static CommandException of(Throwable failure) {
        if (failure instanceof CommandException known) {
            return known;
        } else if ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            return of(failure.getCause());
        } else if (failure instanceof RoomException refused) {
            return new CommandException(of(refused.code()), String.valueOf(refused.getMessage()), refused);
        } else if (failure instanceof TimeoutException) {
            return new CommandException(Code.DEADLINE, "nobody has answered in time", failure);
        }
        return new CommandException(Code.INTERNAL, "internal error", failure);
    }

    private static Code of(RoomException.Code code) {
        return switch (code) {
            case INVALID -> Code.INVALID;
            case FORBIDDEN, BANNED, LOCKED, LOGIN_NEEDED, PASSWORD_NEEDED -> Code.FORBIDDEN;
            case NO_SUCH_PEER -> Code.NOT_FOUND;
            case ROOM_ENDED -> Code.ENDED;
            case TOO_MANY -> Code.TOO_MANY;
            case ROOM_FULL, PUBLISHERS_FULL -> Code.FULL;
            case UNAVAILABLE, MOVED -> Code.UNAVAILABLE;
            case NOT_JOINED, ALREADY_JOINED, INTERNAL -> Code.INTERNAL;
        };
    }
}
