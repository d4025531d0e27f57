package dev.noir.bots;

import dev.noir.access.Password;
import java.util.Map;

/**
 * What a bot is to do.
 *
 * @param kind by its name among those that workers know
 * @param uid as whom it joins
 * @param password of the room
 * @param options of the kind
 * @param attends it is for those who wait in the room's lobby
 */
public record BotOrder(
        String kind, String room, String uid, Password password, Map<String, String> options, boolean attends) {
    public BotOrder(String kind, String room, String uid, Map<String, String> options) {
        this(kind, room, uid, Password.NONE, options, false);
    }

    /** The same for those who wait there. */
    public BotOrder attending() {
        return new BotOrder(kind, room, uid, password, options, true);
    }

    /** In another room. */
    BotOrder at(String elsewhere, Password key) {
        return new BotOrder(kind, elsewhere, uid, key, options, attends);
    }

    @Override
    public String toString() { // Options may be secret.
        return kind + " " + room + "/" + uid;
    }
}
