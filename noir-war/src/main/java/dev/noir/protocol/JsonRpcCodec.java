package dev.noir.protocol;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC 2.0 as ion-sdk-js speaks it: no {@code jsonrpc} member is asked of clients, no batches, ids are strings or
 * numbers. Thread: any.
 */
public final class JsonRpcCodec {
    // Our deepest message has four levels. Refusing before parsing keeps a nest of brackets off the parser's stack.
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ID_LENGTH = 128;
    // Those of ours have ten digits at most. A parser takes long for 200 000, and longer for a number of a million
    // zeros.
    private static final int MAX_NUMBER_LENGTH = 32;
    private static final String NUMBER_PARTS = "0123456789.+-eE";
    private static final int MAX_METHOD_LENGTH = 64;

    /** Looked up once: {@code JsonProvider.provider()}, and with it class Json, walks the service files on every call. */
    public static final JsonProvider JSON = JsonProvider.provider();

    private final JsonReaderFactory readers = JSON.createReaderFactory(Map.of());

    public JsonRpcRequest parse(String frame) throws JsonRpcException {
        JsonValue value = read(frame);
        if (!(value instanceof JsonObject object)) {
            throw invalidRequest("a request must be one JSON object, batches are not supported", JsonValue.NULL);
        }
        JsonValue id = id(object);
        JsonValue echo = id == null ? JsonValue.NULL : id;
        if (!Utf16.isWellFormed(object)) {
            // It would go to others, whose sockets must hold UTF-8.
            throw invalidRequest("the request has half of a surrogate pair", echo);
        }
        if (!(object.get("method") instanceof JsonString method)
                || method.getString().length() > MAX_METHOD_LENGTH) {
            throw invalidRequest("method must be a string", echo);
        }
        return new JsonRpcRequest(method.getString(), params(object, echo), id);
    }

    /** Any JSON value of bounded depth. */
    public JsonValue read(String frame) throws JsonRpcException {
        checkShape(frame);
        try (JsonReader reader = readers.createReader(new StringReader(frame))) {
            return reader.readValue();
        } catch (JsonException
                | IllegalStateException
                | NumberFormatException e) { // Of an empty document; of a vast exponent.
            throw new JsonRpcException(ErrorCodes.PARSE_ERROR, "the frame is not valid JSON", JsonValue.NULL);
        }
    }

    private static void checkShape(String frame) throws JsonRpcException {
        int depth = 0;
        int numberLength = 0;
        boolean inString = false;
        boolean ended = false;
        for (int i = 0; i < frame.length(); i++) {
            char c = frame.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
                continue;
            }
            if (ended && !Character.isWhitespace(c)) { // Not every parser looks behind the value.
                throw new JsonRpcException(
                        ErrorCodes.PARSE_ERROR, "the frame holds more than one value", JsonValue.NULL);
            }
            switch (c) {
                case '"' -> inString = true;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    depth--;
                    ended = depth == 0;
                }
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                throw new JsonRpcException(ErrorCodes.PARSE_ERROR, "the JSON is nested too deeply", JsonValue.NULL);
            }
            numberLength = NUMBER_PARTS.indexOf(c) >= 0 ? numberLength + 1 : 0;
            if (numberLength > MAX_NUMBER_LENGTH) {
                throw new JsonRpcException(ErrorCodes.PARSE_ERROR, "a number is too long", JsonValue.NULL);
            }
        }
    }

    private static @Nullable JsonValue id(JsonObject object) throws JsonRpcException {
        JsonValue id = object.get("id");
        if (id == null) {
            return null;
        }
        boolean accepted =
                switch (id.getValueType()) {
                    case STRING, NUMBER -> id.toString().length() <= MAX_ID_LENGTH && Utf16.isWellFormed(id);
                    case NULL, TRUE, FALSE, OBJECT, ARRAY -> false;
                };
        if (!accepted) {
            throw invalidRequest("id must be a string or a number", JsonValue.NULL);
        }
        return id;
    }

    private static JsonObject params(JsonObject object, JsonValue echo) throws JsonRpcException {
        JsonValue params = object.getOrDefault("params", JsonValue.EMPTY_JSON_OBJECT);
        if (params instanceof JsonObject named) {
            return named;
        }
        throw new JsonRpcException(ErrorCodes.INVALID_PARAMS, "params must be an object", echo);
    }

    private static JsonRpcException invalidRequest(String message, JsonValue id) {
        return new JsonRpcException(ErrorCodes.INVALID_REQUEST, message, id);
    }

    public String result(JsonValue id, JsonValue result) {
        return JSON.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("id", id)
                .add("result", result)
                .build()
                .toString();
    }

    public String error(JsonValue id, int code, String message) {
        return JSON.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("id", id)
                .add(
                        "error",
                        JSON.createObjectBuilder()
                                .add("code", code)
                                .add("message", message)
                                .addNull("data"))
                .build()
                .toString();
    }

    public String notification(String method, JsonValue params) {
        return JSON.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("method", method)
                .add("params", params)
                .build()
                .toString();
    }
}
