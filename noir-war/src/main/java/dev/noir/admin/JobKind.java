package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Port: something that a node can do in a room for a while, such as playing a file. Thread: any. */
public interface JobKind {
    /** As commands call it. */
    String name();

    /** Whether it can only be done at the node that hosts the room. */
    default boolean isForHost() {
        return false;
    }

    /**
     * Begins. Must not block.
     *
     * @param options members by name, as they were given; not looked at by anybody else
     * @throws CommandException when it cannot be done, or not with these options
     */
    Run start(String room, Map<String, ?> options);

    /** One that has begun. */
    interface Run {
        /** Done when it is over; with a {@link CommandException} when it has failed, whose words are shown. */
        CompletionStage<?> over();

        /** Returns at once; it is over soon, and has not failed. */
        void stop();

        /** How far it is; must not block. */
        default Progress progress() {
            return new Progress(State.RUNNING, Optional.empty(), Optional.empty(), "");
        }

        /**
         * Does it otherwise from now on.
         *
         * @return fails with a {@link CommandException} when it cannot
         */
        default CompletionStage<?> control(Action action, OptionalLong position) {
            return CompletableFuture.failedStage(
                    new CommandException(Code.INVALID, "jobs of this kind can only be stopped"));
        }
    }

    /** What one does. */
    enum State {
        /** It is about to. */
        STARTING,
        RUNNING,
        PAUSED,
        /** For something that it needs, such as somebody who answers. */
        WAITING,
        /** It is over, and has not done what it was to do. */
        FAILED
    }

    /** What can be asked of one. */
    enum Action {
        PAUSE,
        RESUME,
        /** To a position. */
        SEEK
    }

    /**
     * How far one is.
     *
     * @param peer as which it is in the room; empty: it is not
     * @param position in ms, where there is such a thing
     * @param says what it waits for, in words; empty when there is nothing to say
     * @param address where others find what it does, below the server's own
     */
    record Progress(
            State state, Optional<String> peer, Optional<Long> position, String says, Optional<String> address) {
        /** What nobody finds anywhere. */
        public Progress(State state, Optional<String> peer, Optional<Long> position, String says) {
            this(state, peer, position, says, Optional.empty());
        }
    }
}
