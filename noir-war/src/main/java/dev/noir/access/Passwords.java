package dev.noir.access;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Port: the passwords of rooms. Asked by the node that has the client's socket, once per join that gives one. Thread: any that
 * may wait for the options of a room.
 */
public interface Passwords {
    /** No room has any. */
    Passwords NONE = (caller, room, password) -> Answer.known(Result.of(Set.of()));

    /**
     * What is known of a password without computing.
     *
     * @param room its name
     */
    Answer ask(Caller caller, String room, Password password);

    /**
     * Whether what is given is no password, but shows that an administrator has sent him to this room.
     *
     * @param uid the name under which he wants to join
     */
    default boolean invites(Caller caller, String room, String uid, Password password) {
        return false;
    }

    /** A result, or how to get at one. */
    sealed interface Answer permits Known, Open {
        static Answer known(Result result) {
            return new Known(result);
        }

        /** The result, computed if need be. */
        default Result get() {
            return this instanceof Open open ? open.concluded(open.computing().get()) : ((Known) this).result();
        }
    }

    /** Nothing needs computing. */
    record Known(Result result) implements Answer {}

    /**
     * It has to be compared.
     *
     * @param question the same for the same password of the same hashes, and no other; says nothing of either
     * @param computing what it opens; takes some 100 ms of a CPU
     * @param conclusion from what it opens, once for each who asks; quick
     */
    record Open(String question, Supplier<Set<Pass>> computing, Function<Set<Pass>, Result> conclusion)
            implements Answer {
        /** What that means for who asks. */
        public Result concluded(Set<Pass> opened) {
            return conclusion.apply(opened);
        }
    }

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
