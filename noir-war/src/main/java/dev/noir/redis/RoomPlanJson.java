package dev.noir.redis;

import dev.noir.access.OwnPolicy;
import dev.noir.access.PasswordHash;
import dev.noir.room.RoomPlan;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody has laid down for a room: an object with any of title, maxPeers, maxPublishers, maxAgeSeconds, reserveSeconds,
 * isChannel, joinPassword and publishPassword (hashes) and policy (lines as of a policy file's section). What is missing is as by default; what is not known is ignored.
 */
final class RoomPlanJson {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    private RoomPlanJson() {}

    static String write(RoomPlan plan) {
        JsonObjectBuilder json = JSON.createObjectBuilder();
        plan.title().ifPresent(title -> json.add("title", title));
        plan.maxPeers().ifPresent(count -> json.add("maxPeers", count));
        plan.maxPublishers().ifPresent(count -> json.add("maxPublishers", count));
        plan.maxAge().ifPresent(age -> json.add("maxAgeSeconds", age.toSeconds()));
        plan.reserve().ifPresent(time -> json.add("reserveSeconds", time.toSeconds()));
        plan.channel().ifPresent(channel -> json.add("isChannel", channel));
        plan.joinPassword().ifPresent(hash -> json.add("joinPassword", hash.encoded()));
        plan.publishPassword().ifPresent(hash -> json.add("publishPassword", hash.encoded()));
        plan.policy().ifPresent(policy -> json.add("policy", policy.text()));
        plan.record().ifPresent(record -> json.add("record", record));
        return json.build().toString();
    }

    /** Throws {@link IllegalArgumentException} for what is not such an object. */
    static RoomPlan parse(String text) {
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            JsonObject json = reader.readObject();
            return new RoomPlan(
                    has(json, "title") ? Optional.of(json.getString("title")) : Optional.empty(),
                    count(json, "maxPeers"),
                    count(json, "maxPublishers"),
                    seconds(json, "maxAgeSeconds"),
                    seconds(json, "reserveSeconds"),
                    flag(json, "isChannel"),
                    hash(json, "joinPassword"),
                    hash(json, "publishPassword"),
                    has(json, "policy") ? Optional.of(OwnPolicy.parse(json.getString("policy"))) : Optional.empty(),
                    flag(json, "record"));
        } catch (JsonException | ClassCastException | IllegalStateException e) {
            throw new IllegalArgumentException("not an object of a room's options", e);
        }
    }

    private static boolean has(JsonObject json, String name) {
        return json.containsKey(name) && !json.isNull(name);
    }

    private static Optional<Boolean> flag(JsonObject json, String name) {
        return has(json, name) ? Optional.of(json.getBoolean(name)) : Optional.empty();
    }

    private static Optional<Integer> count(JsonObject json, String name) {
        if (!has(json, name)) {
            return Optional.empty();
        }
        int value = json.getInt(name);
        if (value < 0) {
            throw new IllegalArgumentException(name + " is negative");
        }
        return Optional.of(value);
    }

    private static Optional<Duration> seconds(JsonObject json, String name) {
        // 0 and, as in the original noiR, -1 stand for none.
        return has(json, name) ? Optional.of(Duration.ofSeconds(Math.max(0, json.getInt(name)))) : Optional.empty();
    }

    private static Optional<PasswordHash> hash(JsonObject json, String name) {
        String text = has(json, name) ? json.getString(name) : "";
        return text.isEmpty() ? Optional.empty() : Optional.of(PasswordHash.parse(text));
    }
}
