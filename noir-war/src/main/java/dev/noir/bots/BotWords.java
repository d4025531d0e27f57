package dev.noir.bots;

import dev.noir.access.Password;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.Locale;
import java.util.Optional;

/** What we say to a worker, and it to us: lines of JSON (docs/bots.md). */
public final class BotWords {
    private static final int MAX_REASON = 500;

    /**
     * Where a bot joins.
     *
     * @param url of the signalling endpoint
     * @param token that it shows there
     */
    public record Door(String url, String token) {
        @Override
        public String toString() {
            return url;
        }
    }

    enum What {
        READY,
        FAILED,
        ALIVE,
        JOINED,
        OVER
    }

    /**
     * Something that a worker has said.
     *
     * @param bot which one; empty: none
     * @param failed whether it has not done what it was to
     * @param again whether that may be otherwise the next time
     * @param room where it has been asked to go on; empty: nowhere
     * @param password of that room
     */
    record Said(What what, String bot, boolean failed, boolean again, String why, String room, Password password) {}

    private BotWords() {}

    static String start(String id, BotOrder order, Door door) {
        JsonObjectBuilder options = Json.createObjectBuilder();
        order.options().forEach(options::add);
        JsonObjectBuilder start = Json.createObjectBuilder()
                .add("do", "start")
                .add("bot", id)
                .add("kind", order.kind())
                .add("url", door.url())
                .add("token", door.token())
                .add("room", order.room())
                .add("uid", order.uid())
                .add("options", options);
        if (order.password().isGiven()) {
            start.add("password", order.password().text());
        }
        return start.build().toString();
    }

    static String stop(String id) {
        return Json.createObjectBuilder()
                .add("do", "stop")
                .add("bot", id)
                .build()
                .toString();
    }

    /** Empty: somebody else has printed that. */
    static Optional<Said> read(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            JsonObject said = reader.readObject();
            String why = said.getString("why", "");
            return Optional.of(new Said(
                    What.valueOf(said.getString("is", "").toUpperCase(Locale.ROOT)),
                    said.getString("bot", ""),
                    said.getBoolean("failed", false),
                    said.getBoolean("again", false),
                    why.substring(0, Math.min(why.length(), MAX_REASON)),
                    said.getString("room", ""),
                    new Password(said.getString("password", ""))));
        } catch (JsonException | IllegalStateException | IllegalArgumentException | ClassCastException e) {
            return Optional.empty();
        }
    }
}
