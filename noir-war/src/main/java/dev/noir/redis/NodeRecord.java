package dev.noir.redis;

import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeState;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One life of a node, as the registry keeps it in Redis.
 *
 * @param incarnation different for every start, so that a node restarted under its id is not taken for the one before
 */
record NodeRecord(NodeInfo info, String incarnation) {
    // Looked up once: every call walks the service files.
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    static String toJson(NodeInfo info) {
        return JSON.createObjectBuilder()
                .add("state", info.state().name())
                .add("services", array(info.services()))
                .add("cpu", info.load().cpu())
                .add("packetsPerSecond", info.load().packetsPerSecond())
                .add("peers", info.load().peers())
                .add("rooms", info.load().rooms())
                .add("addresses", array(info.addresses()))
                .add("version", info.version())
                .add("startedMillis", info.startedMillis())
                .build()
                .toString();
    }

    /**
     * What another node, perhaps of another version, wrote: what is missing has a default.
     *
     * @param text incarnation, space, JSON
     */
    static Optional<NodeRecord> parse(String id, String text) {
        int space = text.indexOf(' ');
        if (space <= 0) {
            return Optional.empty();
        }
        try (JsonReader reader = READERS.createReader(new StringReader(text.substring(space + 1)))) {
            return Optional.of(new NodeRecord(info(id, reader.readObject()), text.substring(0, space)));
        } catch (JsonException | ClassCastException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static NodeInfo info(String id, JsonObject json) {
        NodeLoad load = new NodeLoad(
                number(json, "cpu"),
                number(json, "packetsPerSecond"),
                json.getInt("peers", 0),
                json.getInt("rooms", 0));
        // A state of a later version is none in which to give it rooms.
        NodeState state = json.getString("state", "").equals(NodeState.UP.name()) ? NodeState.UP : NodeState.DRAINING;
        return new NodeInfo(
                id,
                Set.copyOf(strings(json, "services")),
                state,
                load,
                strings(json, "addresses"),
                json.getString("version", ""),
                (long) number(json, "startedMillis"));
    }

    private static double number(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonNumber(name).doubleValue() : 0;
    }

    private static List<String> strings(JsonObject json, String name) {
        JsonArray array = json.getJsonArray(name);
        return array == null
                ? List.of()
                : array.getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList();
    }

    private static JsonArrayBuilder array(Collection<String> values) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        values.stream().sorted().forEach(array::add);
        return array;
    }
}
