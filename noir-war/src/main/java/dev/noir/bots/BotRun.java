package dev.noir.bots;

import java.util.concurrent.CompletionStage;

/** A bot that has been asked for. Thread: any. */
public interface BotRun {
    /** Whether it is in the room at this moment; else it is about to be, maybe again. */
    boolean isJoined();

    /** Whether it is not in the room since nobody there needs it now. */
    default boolean isIdle() {
        return false;
    }

    /** What has happened to it, while it is not in the room, or that it has been moved to another one; empty: nothing. */
    String says();

    /** Done when it has left; with a {@link BotException} when it has failed for good. */
    CompletionStage<?> over();

    /** It leaves. Returns at once. */
    void stop();

    /** Why one has failed, in words. */
    final class BotException extends Exception {
        private static final long serialVersionUID = 1;

        public BotException(String message) {
            super(message);
        }
    }
}
