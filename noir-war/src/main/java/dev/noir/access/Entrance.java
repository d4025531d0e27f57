package dev.noir.access;

import java.util.Set;

/**
 * Port: who may come into a room and what he may do there. Asked by the room's host for every join, and again for a peer that
 * is brought back after its host's death. Thread: any, also a room's; must not block.
 */
public interface Entrance {
    /**
     * Decides; knows nothing but its arguments and what has been configured.
     *
     * @param room its name
     * @param passes what the password that the caller gave opens
     */
    Verdict admit(Caller caller, String room, RoomFacts facts, Set<Pass> passes);

    /** Whether who comes into this room waits to be let in, for as long as no moderator has said otherwise. */
    default boolean hasLobby(String room) {
        return false;
    }

    /** What becomes of a caller. */
    sealed interface Verdict {}

    /**
     * He may come in.
     *
     * @param grants what he may do, perhaps later
     * @param waiting he can do none of it before somebody lets him in
     */
    record Granted(Grants grants, boolean waiting) implements Verdict {}

    /**
     * He may not come in.
     *
     * @param text for people
     */
    record Refused(Reason reason, String text) implements Verdict {}

    /** Why somebody may not come in. */
    enum Reason {
        /** It has to be known who he is. */
        LOGIN_NEEDED,
        /** There is a password, and he has not given it. */
        PASSWORD_NEEDED,
        FORBIDDEN,
        BANNED,
        LOCKED,
        FULL,
        /** He has done this too often. */
        TOO_MANY
    }
}
