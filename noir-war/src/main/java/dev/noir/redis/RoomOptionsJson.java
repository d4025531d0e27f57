package dev.noir.redis;

import dev.noir.access.RoomHashes;
import dev.noir.room.RoomOptions;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;

/**
 * What somebody has laid down for a room: an object with any of title, maxPeers, maxPublishers, maxAgeSeconds, reserveSeconds,
 * isChannel, joinPassword and publishPassword (hashes). What is missing is as by default; what is not known is ignored.
 */
final class RoomOptionsJson {
    private static final JsonReaderFactory READERS = JsonProvider.provider().createReaderFactory(Map.of());

    private RoomOptionsJson() {}

    /** Throws {@link IllegalArgumentException} for what is not such an object. */
    static RoomOptions parse(String text, RoomOptions defaults) {
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            JsonObject json = reader.readObject();
            return new RoomOptions(
                    json.getString("title", defaults.title()),
                    count(json, "maxPeers", defaults.maxPeers()),
                    count(json, "maxPublishers", defaults.maxPublishers()),
                    seconds(json, "maxAgeSeconds", defaults.maxAge()),
                    seconds(json, "reserveSeconds", defaults.reserve()),
                    json.getBoolean("isChannel", defaults.channel()),
                    RoomHashes.parse(json.getString("joinPassword", ""), json.getString("publishPassword", ""))
                            .orElse(defaults.passwords()));
        } catch (JsonException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException("not an object of a room's options", e);
        }
    }

    private static int count(JsonObject json, String name, int byDefault) {
        int value = json.getInt(name, byDefault);
        if (value < 0) {
            throw new IllegalArgumentException(name + " is negative");
        }
        return value;
    }

    private static Duration seconds(JsonObject json, String name, Duration byDefault) {
        // 0 and, as in the original noiR, -1 stand for none.
        return json.containsKey(name) ? Duration.ofSeconds(Math.max(0, json.getInt(name))) : byDefault;
    }
}
