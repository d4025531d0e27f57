package dev.noir.signal;

import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.room.ApiMessage;
import dev.noir.room.ApiMessages;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API channel's messages as ion-sdk-js writes and reads them. Thread: any. */
public final class JsonApiMessages implements ApiMessages {
    private static final int MAX_CHARS = 16 * 1024;
    private static final int MAX_LAYERS = 8;
    private static final int MAX_WISHES = 64;
    private static final int MAX_UNDERSTOOD = 64;
    private static final int MAX_PIXELS = 16 * 1024;
    private static final int MAX_PRIORITY = 100;
    private static final int MAX_DIGITS = 6;
    private static final int NONE = -1;

    private final JsonRpcCodec codec = new JsonRpcCodec();

    @Override
    public Optional<ApiMessage> parse(String text) {
        if (text.length() > MAX_CHARS || !(readOrNull(text) instanceof JsonObject object)) {
            return Optional.empty();
        }
        if ("wish".equals(stringOrNull(object.get("method")))) {
            return wishes(object.get("params"));
        }
        if ("understands".equals(stringOrNull(object.get("method")))) {
            return understands(object.get("params"));
        }
        String streamId = stringOrNull(object.get("streamId"));
        if (streamId == null) {
            return Optional.empty();
        }
        // A non-empty list of layers makes it a publisher's message (ion-sfu).
        if (object.get("layers") instanceof JsonArray layers && !layers.isEmpty()) {
            return publisherControl(streamId, layers);
        }
        return Optional.of(new ApiMessage.ReceiverControl(
                streamId,
                stringOrNull(object.get("video")),
                stringOrNull(object.get("framerate")),
                object.get("audio") == JsonValue.TRUE));
    }

    private @Nullable JsonValue readOrNull(String text) {
        try {
            return codec.read(text);
        } catch (JsonRpcException e) {
            return null;
        }
    }

    private static Optional<ApiMessage> publisherControl(String streamId, JsonArray layers) {
        List<String> names = layers.stream()
                .filter(JsonString.class::isInstance)
                .map(name -> ((JsonString) name).getString())
                .toList();
        if (names.size() != layers.size() || names.size() > MAX_LAYERS) {
            return Optional.empty();
        }
        return Optional.of(new ApiMessage.PublisherControl(streamId, names));
    }

    /** A later server may know more; what this one does not is not for it. */
    private static Optional<ApiMessage> understands(@Nullable JsonValue params) {
        if (!(params instanceof JsonArray names) || names.size() > MAX_UNDERSTOOD) {
            return Optional.empty();
        }
        boolean wantedLayers = names.stream().anyMatch(name -> "wantedLayers".equals(stringOrNull(name)));
        return Optional.of(new ApiMessage.Understands(wantedLayers));
    }

    /** All of them or, if one is not understood, none. */
    private static Optional<ApiMessage> wishes(@Nullable JsonValue params) {
        if (!(params instanceof JsonArray list) || list.size() > MAX_WISHES) {
            return Optional.empty();
        }
        List<ApiMessage.Wish> wishes = new ArrayList<>();
        for (JsonValue value : list) {
            ApiMessage.Wish wish = value instanceof JsonObject object ? wishOrNull(object) : null;
            if (wish == null) {
                return Optional.empty();
            }
            wishes.add(wish);
        }
        return Optional.of(new ApiMessage.Wishes(wishes));
    }

    private static ApiMessage.@Nullable Wish wishOrNull(JsonObject object) {
        String streamId = stringOrNull(object.get("streamId"));
        int width = numberOrNone(object.get("width"), MAX_PIXELS);
        int height = numberOrNone(object.get("height"), MAX_PIXELS);
        int priority = numberOrNone(object.get("priority"), MAX_PRIORITY);
        JsonValue visible = object.getOrDefault("visible", JsonValue.TRUE);
        boolean seen = visible == JsonValue.TRUE;
        boolean odd = width == NONE || height == NONE || priority == NONE || !(seen || visible == JsonValue.FALSE);
        if (streamId == null || odd) {
            return null;
        }
        return new ApiMessage.Wish(streamId, stringOrNull(object.get("trackId")), width, height, priority, seen);
    }

    /** A whole number from 0 to {@code max}, 0 when it is missing, {@link #NONE} when it is something else. */
    private static int numberOrNone(@Nullable JsonValue value, int max) {
        if (value == null) {
            return 0;
        }
        // Compared before anything is computed of it: 1e999999 has a million digits.
        boolean whole = value instanceof JsonNumber number
                && number.bigDecimalValue().scale() <= 0
                && number.bigDecimalValue().precision()
                                - number.bigDecimalValue().scale()
                        <= MAX_DIGITS;
        int exact = whole ? ((JsonNumber) value).intValue() : NONE;
        return exact >= 0 && exact <= max ? exact : NONE;
    }

    private static @Nullable String stringOrNull(@Nullable JsonValue value) {
        return value instanceof JsonString string ? string.getString() : null;
    }

    @Override
    public String wantedLayers(String streamId, String mid, List<String> rids) {
        return message(
                "wantedLayers",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("streamId", streamId)
                        .add("mid", mid)
                        .add("layers", JsonRpcCodec.JSON.createArrayBuilder(rids))
                        .build());
    }

    @Override
    public String activeLayer(String streamId, String activeLayer, List<String> availableLayers) {
        return message(
                "activeLayer",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("streamId", streamId)
                        .add("activeLayer", activeLayer)
                        .add("availableLayers", JsonRpcCodec.JSON.createArrayBuilder(availableLayers))
                        .build());
    }

    @Override
    public String audioLevels(List<String> streamIds) {
        return message(
                "audioLevels", JsonRpcCodec.JSON.createArrayBuilder(streamIds).build());
    }

    /** As ion's: JSON-RPC's without its version. */
    private static String message(String method, JsonValue params) {
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("method", method)
                .add("params", params)
                .build()
                .toString();
    }
}
