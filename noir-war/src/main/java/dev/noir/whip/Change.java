package dev.noir.whip;

import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done with a session, wherever it is.
 *
 * @param id its address's last part, as it came
 * @param ends it is to end; else it is about its ICE
 * @param match the {@code If-Match}; empty: there was none
 * @param fragment {@code application/trickle-ice-sdpfrag}
 */
record Change(String id, boolean ends, String match, String fragment) {
    /** What a question to another node begins with that is one of these. */
    static final String TOPIC = "whip:";

    static Change end(String id) {
        return new Change(id, true, "", "");
    }

    /** For another node. */
    String question() {
        return TOPIC
                + JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("id", id)
                        .add("ends", ends)
                        .add("match", match)
                        .add("fragment", fragment)
                        .build();
    }

    /** Of another node; empty: it cannot be read. */
    static Optional<Change> read(String question) {
        return object(question.substring(TOPIC.length()))
                .map(json -> new Change(
                        json.getString("id", ""),
                        json.getBoolean("ends", false),
                        json.getString("match", ""),
                        json.getString("fragment", "")));
    }

    /** For another node, as what has come of it. */
    static String print(Answer answer) {
        JsonObjectBuilder headers = JsonRpcCodec.JSON.createObjectBuilder();
        answer.headers().forEach(headers::add);
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("status", answer.status())
                .add("headers", headers)
                .add("body", answer.body())
                .build()
                .toString();
    }

    /** What has come of it at another node; empty: it cannot be read. */
    static Optional<Answer> readAnswer(String text) {
        return object(text).map(Change::answer);
    }

    private static Answer answer(JsonObject json) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (json.get("headers") instanceof JsonObject told) {
            told.forEach((name, value) -> {
                if (value instanceof JsonString string) {
                    headers.put(name, string.getString());
                }
            });
        }
        return new Answer(json.getInt("status", Answer.INTERNAL_ERROR), headers, json.getString("body", ""));
    }

    private static Optional<JsonObject> object(String text) {
        try {
            return new JsonRpcCodec().read(text) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (JsonRpcException e) {
            return Optional.empty();
        }
    }
}
