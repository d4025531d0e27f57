package dev.noir.protocol;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.room.Medium;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Members of JSON objects: strict in reading, the same words for the same things everywhere. Thread: any. */
final class Members {
    /** Looked up once: it walks the service files on every call. */
    static final JsonProvider JSON = JsonProvider.provider();

    /** Of a text that somebody has typed, in characters. */
    private static final int MAX_TEXT = 128;

    private static final int MAX_PRINCIPAL = 4096;
    private static final int MAX_LIST = 100_000;

    private Members() {}

    /** Absent, or the JSON null: empty. */
    static Optional<String> optionalText(JsonObject object, String name) {
        return optionalText(object, name, MAX_TEXT);
    }

    /** Names that other systems have given: of a certificate's owner, it may be. Empty: he is anonymous. */
    static String principal(JsonObject object) {
        return optionalText(object, "principal", MAX_PRINCIPAL).orElse("");
    }

    static Optional<String> optionalText(JsonObject object, String name, int max) {
        JsonValue value = object.getOrDefault(name, JsonValue.NULL);
        if (value == JsonValue.NULL) {
            return Optional.empty();
        }
        if (value instanceof JsonString text && text.getString().length() <= max) {
            return Optional.of(text.getString());
        }
        throw new BadJson(name + " must be a string of at most " + max + " characters");
    }

    static String text(JsonObject object, String name) {
        return optionalText(object, name).orElseThrow(() -> new BadJson(name + " is missing"));
    }

    static PeerName peer(JsonObject object, String name) {
        return new PeerName(text(object, name));
    }

    static RoomId room(JsonObject object, String name) {
        return new RoomId(text(object, name));
    }

    static boolean flag(JsonObject object, String name) {
        JsonValue value = object.get(name);
        if (value == JsonValue.TRUE || value == JsonValue.FALSE) {
            return value == JsonValue.TRUE;
        }
        throw new BadJson(name + " must be true or false");
    }

    static long number(JsonObject object, String name, long min, long max) {
        if (object.get(name) instanceof JsonNumber number && number.isIntegral()) {
            try {
                long value = number.longValueExact();
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (ArithmeticException e) {
                // Below.
            }
        }
        throw new BadJson(name + " must be a whole number from " + min + " to " + max);
    }

    static Optional<Medium> optionalMedium(JsonObject object, String name) {
        return optionalText(object, name).map(word -> medium(name, word));
    }

    static Medium medium(String name, String word) {
        return switch (word) {
            case "audio" -> Medium.AUDIO;
            case "video" -> Medium.VIDEO;
            default -> throw new BadJson(name + " must be \"audio\" or \"video\"");
        };
    }

    static String word(Medium medium) {
        return medium.name().toLowerCase(Locale.ROOT);
    }

    static JsonArrayBuilder words(Set<Medium> media) {
        JsonArrayBuilder words = JSON.createArrayBuilder();
        EnumSet<Medium> sorted = EnumSet.noneOf(Medium.class);
        sorted.addAll(media);
        sorted.forEach(medium -> words.add(word(medium)));
        return words;
    }

    static Set<Medium> media(JsonObject object, String name) {
        EnumSet<Medium> media = EnumSet.noneOf(Medium.class);
        texts(object, name).forEach(word -> media.add(medium(name, word)));
        return media;
    }

    static Grants grants(JsonObject object, String name) {
        List<Grant> grants = new ArrayList<>();
        for (String word : texts(object, name)) {
            grants.add(Grant.ofWire(word).orElseThrow(() -> new BadJson(name + " holds a grant that does not exist")));
        }
        return Grants.of(grants);
    }

    static JsonArrayBuilder array(Collection<String> texts) {
        return JSON.createArrayBuilder(texts);
    }

    static List<String> texts(JsonObject object, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonValue value : list(object, name)) {
            if (!(value instanceof JsonString text) || text.getString().length() > MAX_TEXT) {
                throw new BadJson(name + " must be a list of strings");
            }
            texts.add(text.getString());
        }
        return texts;
    }

    static List<JsonObject> objects(JsonObject object, String name) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonValue value : list(object, name)) {
            if (!(value instanceof JsonObject member)) {
                throw new BadJson(name + " must be a list of objects");
            }
            objects.add(member);
        }
        return objects;
    }

    private static JsonArray list(JsonObject object, String name) {
        if (object.get(name) instanceof JsonArray array && array.size() <= MAX_LIST) {
            return array;
        }
        throw new BadJson(name + " must be a list");
    }
}
