package dev.noir.bot;

import java.time.Duration;

/** The room that a bot is in, for as long as it is. Thread: any, but for what says otherwise. */
public interface Room {
    String name();

    /** The bot's own name in it. */
    String uid();

    /**
     * Sends a stream of its own to the others. Waits for the server's answer.
     *
     * @param sound whether there is to be any
     * @param pictures the same
     * @throws BotException when the server refuses that
     */
    Publication publish(boolean sound, boolean pictures) throws BotException, InterruptedException;

    /** Does it on the bot's thread, again and again, until the bot has left. When it is late, it catches up with 200 ms at most. */
    void every(Duration period, Runnable task);

    /** The stay is over, and has not failed. Returns at once. */
    void leave();

    /** What a bot sends. */
    interface Publication {
        /**
         * 10 ms of sound, which are due now: {@code rate / 100} frames. What is played before the last 10 ms are over is late or lost at the
         * others', as what is missing.
         */
        void play(Sound sound);

        /** A picture, which is due now. It is copied. */
        void show(Picture picture);
    }

    /** The server, or the media, does not do what a bot has asked for; in words. */
    final class BotException extends Exception {
        private static final long serialVersionUID = 1;

        public BotException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
