package dev.noir.redis;

import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeState;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One life of a node, as the registry keeps it in Redis: incarnation, space, JSON, whose last member is the MAC where there is a
 * secret.
 *
 * @param incarnation different for every start, so that a node restarted under its id is not taken for the one before
 * @param beat grows with every heartbeat of that life, from 1; 0: of a version that does not count them
 * @param atMillis the store's time at that heartbeat, as the node knew it
 * @param left the life is over, by its own word
 */
record NodeRecord(NodeInfo info, String incarnation, long beat, long atMillis, boolean left) {
    // Looked up once: every call walks the service files.
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    private static final String KIND = "noir/node";
    private static final String MAC = ",\"mac\":\"";
    private static final String END = "\"}";

    /** Whether its heartbeats can be told apart. */
    boolean counts() {
        return beat > 0;
    }

    /** Whether it was written within so long, as far as its writer knew. */
    boolean isFresh(long storeMillis, Duration limit) {
        return !counts() || Math.abs(storeMillis - atMillis) <= limit.toMillis();
    }

    String text(ClusterKey key) {
        String json = toJson();
        if (key.signs()) {
            String mac = key.sign(values(info.id(), incarnation, json));
            json = json.substring(0, json.length() - 1) + MAC + mac + END;
        }
        return incarnation + " " + json;
    }

    private static List<String> values(String id, String incarnation, String json) {
        return List.of(KIND, id, incarnation, json);
    }

    private String toJson() {
        JsonObjectBuilder json = JSON.createObjectBuilder()
                .add("state", info.state().name())
                .add("services", array(info.services()))
                .add("cpu", info.load().cpu())
                .add("packetsPerSecond", info.load().packetsPerSecond())
                .add("peers", info.load().peers())
                .add("rooms", info.load().rooms())
                .add("addresses", array(info.addresses()))
                .add("version", info.version())
                .add("startedMillis", info.startedMillis())
                .add("beat", beat)
                .add("at", atMillis);
        if (left) {
            json.add("left", true);
        }
        return json.build().toString();
    }

    /** What another node, perhaps of another version, wrote: what is missing has a default. Empty: no node has written it. */
    static Optional<NodeRecord> parse(String id, String text, ClusterKey key) {
        int space = text.indexOf(' ');
        if (space <= 0) {
            return Optional.empty();
        }
        String incarnation = text.substring(0, space);
        String json = text.substring(space + 1);
        if (key.signs()) {
            int mac = json.lastIndexOf(MAC);
            if (mac < 0 || !json.endsWith(END)) {
                return Optional.empty();
            }
            String claimed = json.substring(mac + MAC.length(), json.length() - END.length());
            json = json.substring(0, mac) + "}";
            if (!key.isGenuine(claimed, values(id, incarnation, json))) {
                return Optional.empty();
            }
        }
        try (JsonReader reader = READERS.createReader(new StringReader(json))) {
            return Optional.of(record(id, incarnation, reader.readObject()));
        } catch (JsonException | ClassCastException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static NodeRecord record(String id, String incarnation, JsonObject json) {
        return new NodeRecord(
                info(id, json),
                incarnation,
                (long) number(json, "beat"),
                (long) number(json, "at"),
                json.getBoolean("left", false));
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
