package dev.noir.signal;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** Reads the members of a request's params, strictly. */
final class Params {
    private Params() {}

    /** A member is missing or of the wrong type. */
    static final class InvalidParams extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidParams(String message) {
            super(message);
        }
    }

    static String string(JsonObject object, String name) throws InvalidParams {
        String value = optionalString(object, name);
        if (value == null) {
            throw new InvalidParams(name + " is missing");
        }
        return value;
    }

    /** Null when absent or the JSON null. */
    static @Nullable String optionalString(JsonObject object, String name) throws InvalidParams {
        JsonValue value = object.getOrDefault(name, JsonValue.NULL);
        if (value == JsonValue.NULL) {
            return null;
        }
        if (value instanceof JsonString string) {
            return string.getString();
        }
        throw new InvalidParams(name + " must be a string");
    }

    /** Of the join's config; empty when there is none. */
    static String configText(JsonObject params, String name) throws InvalidParams {
        if (params.getOrDefault("config", JsonValue.NULL) == JsonValue.NULL) {
            return "";
        }
        String text = optionalString(object(params, "config"), name);
        return text == null ? "" : text;
    }

    static int number(JsonObject object, String name) throws InvalidParams {
        if (!(object.get(name) instanceof JsonNumber number) || !number.isIntegral()) {
            throw new InvalidParams(name + " must be a whole number");
        }
        try {
            return number.intValueExact();
        } catch (ArithmeticException e) {
            throw new InvalidParams(name + " is out of range");
        }
    }

    /** The default when absent or the JSON null. */
    static int optionalNumber(JsonObject object, String name, int otherwise) throws InvalidParams {
        return object.getOrDefault(name, JsonValue.NULL) == JsonValue.NULL ? otherwise : number(object, name);
    }

    /** Empty when absent or the JSON null. */
    static JsonObject optionalObject(JsonObject object, String name) throws InvalidParams {
        return object.getOrDefault(name, JsonValue.NULL) == JsonValue.NULL
                ? JsonValue.EMPTY_JSON_OBJECT
                : object(object, name);
    }

    static JsonObject object(JsonObject object, String name) throws InvalidParams {
        if (object.get(name) instanceof JsonObject member) {
            return member;
        }
        throw new InvalidParams(name + " must be an object");
    }

    /** The SDP of {@code {"type":…,"sdp":…}}; a missing type is forgiven, a wrong one is not. */
    static String description(JsonObject object, String name, String type) throws InvalidParams {
        JsonObject description = object(object, name);
        String given = optionalString(description, "type");
        if (given != null && !given.equals(type)) {
            throw new InvalidParams(name + ".type must be \"" + type + "\"");
        }
        return string(description, "sdp");
    }

    /** gRPC clients of ion send booleans as strings; anything but a plain yes is a no. */
    static boolean isTrue(JsonValue value) {
        return value == JsonValue.TRUE || (value instanceof JsonString string && "true".equals(string.getString()));
    }
}
