package dev.noir.bot.worker;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What a bot is to do.
 *
 * @param kind by its name
 * @param uid as whom it joins
 * @param token that says who it is
 * @param password of the room
 * @param options of the kind
 */
record Stay(
        String kind,
        URI signalling,
        String room,
        String uid,
        Optional<String> token,
        Optional<String> password,
        Map<String, String> options) {
    /**
     * Another room, into which it has been asked.
     *
     * @param password by which it comes in there
     */
    record Elsewhere(String room, Optional<String> password) {
        @Override
        public String toString() { // The password is nobody's business.
            return room;
        }
    }

    /**
     * How one has ended.
     *
     * @param failed whether it has not done what it was to do
     * @param again whether that may be otherwise the next time
     * @param next where it goes on
     */
    record End(boolean failed, boolean again, String why, Optional<Elsewhere> next) {
        static final End DONE = new End(false, false, "", Optional.empty());

        static End failed(boolean again, String why) {
            return new End(true, again, why, Optional.empty());
        }

        static End moved(Elsewhere next) {
            return new End(false, false, "moved to " + next, Optional.of(next));
        }
    }

    Stay at(Elsewhere next) {
        return new Stay(kind, signalling, next.room(), uid, token, next.password(), options);
    }

    @Override
    public String toString() { // The token is nobody's business.
        return kind + " in " + room + " as " + uid;
    }
}
