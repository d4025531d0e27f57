package dev.noir.signal;

import dev.noir.room.ApiMessage;
import dev.noir.room.ApiMessages;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API channel's messages as ion-sdk-js writes and reads them. Thread: any. */
public final class JsonApiMessages implements ApiMessages {
    private static final int MAX_CHARS = 4096;
    private static final int MAX_LAYERS = 8;

    private final JsonRpcCodec codec = new JsonRpcCodec();

    @Override
    public Optional<ApiMessage> parse(String text) {
        if (text.length() > MAX_CHARS || !(readOrNull(text) instanceof JsonObject object)) {
            return Optional.empty();
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

    private static @Nullable String stringOrNull(@Nullable JsonValue value) {
        return value instanceof JsonString string ? string.getString() : null;
    }

    @Override
    public String activeLayer(String streamId, String activeLayer, List<String> availableLayers) {
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("method", "activeLayer")
                .add(
                        "params",
                        JsonRpcCodec.JSON
                                .createObjectBuilder()
                                .add("streamId", streamId)
                                .add("activeLayer", activeLayer)
                                .add("availableLayers", JsonRpcCodec.JSON.createArrayBuilder(availableLayers)))
                .build()
                .toString();
    }
}
