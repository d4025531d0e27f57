package dev.noir.bots;

import java.util.Map;

/**
 * What a bot is to do.
 *
 * @param kind by its name among those that workers know
 * @param uid as whom it joins
 * @param options of the kind
 */
public record BotOrder(String kind, String room, String uid, Map<String, String> options) {
    @Override
    public String toString() { // Options may be secret.
        return kind + " " + room + "/" + uid;
    }
}
