package dev.noir.access;

import java.util.Set;

/**
 * Port: the passwords of rooms. Asked by the node that has the client's socket, once per join that gives one. Thread: any that
 * may be kept busy: comparing takes some 100 ms of a CPU.
 */
public interface Passwords {
    /** No room has any. */
    Passwords NONE = (caller, room, password) -> Result.of(Set.of());

    /** @param room its name */
    Result check(Caller caller, String room, Password password);

    /**
     * What became of a password.
     *
     * @param outcome whether it is listened to
     * @param passes what it opens; none also where the room has no password
     */
    record Result(Outcome outcome, Set<Pass> passes) {
        static final Result WRONG = new Result(Outcome.WRONG, Set.of());
        static final Result TOO_MANY = new Result(Outcome.TOO_MANY, Set.of());

        public Result {
            passes = Set.copyOf(passes);
        }

        static Result of(Set<Pass> passes) {
            return new Result(Outcome.FINE, passes);
        }
    }

    /** Whether to go on. */
    enum Outcome {
        FINE,
        /** It is none of the room's. */
        WRONG,
        /** Its sender has been wrong too often, and this one has not been looked at. */
        TOO_MANY
    }
}
