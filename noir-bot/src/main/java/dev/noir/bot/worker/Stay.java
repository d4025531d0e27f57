package dev.noir.bot.worker;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What a bot is to do.
 *
 * @param kind by its name
 * @param uid as whom it joins
 * @param options of the kind
 */
record Stay(String kind, URI signalling, String room, String uid, Optional<String> token, Map<String, String> options) {
    /**
     * How one has ended.
     *
     * @param failed whether it has not done what it was to do
     * @param again whether that may be otherwise the next time
     */
    record End(boolean failed, boolean again, String why) {
        static final End DONE = new End(false, false, "");
    }

    @Override
    public String toString() { // The token is nobody's business.
        return kind + " in " + room + " as " + uid;
    }
}
