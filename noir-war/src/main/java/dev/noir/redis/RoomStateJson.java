package dev.noir.redis;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.room.Ban;
import dev.noir.room.Medium;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.RoomState;
import dev.noir.room.Squelches;
import dev.noir.room.Subject;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** The two halves of a {@link RoomState}: what ends with the room, and bans. Members that are not known are ignored. */
final class RoomStateJson {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    private RoomStateJson() {}

    /** Empty text: there is nothing to keep. */
    static String withoutBans(RoomState state) {
        if (state.equals(state.afterEnd())) {
            return "";
        }
        JsonObjectBuilder json = JSON.createObjectBuilder().add("locked", state.locked());
        state.lobby().ifPresent(enabled -> json.add("lobby", enabled));
        state.recorded().ifPresent(recorded -> json.add("recorded", recorded));
        JsonArrayBuilder grants = JSON.createArrayBuilder();
        state.grants().forEach((subject, changed) -> grants.add(subject(subject).add("grants", array(changed.wire()))));
        JsonObjectBuilder secrets = JSON.createObjectBuilder();
        state.secrets().forEach((name, hash) -> secrets.add(name.value(), hash));
        return json.add("grants", grants)
                .add("squelched", squelched(state.squelches()))
                .add("squelchedStreams", streams(state.squelches()))
                .add("allBut", allBut(state.squelches()))
                .add(
                        "waiting",
                        array(state.waiting().stream().map(PeerName::value).toList()))
                .add("secrets", secrets)
                .build()
                .toString();
    }

    private static JsonArrayBuilder squelched(Squelches squelches) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        squelches
                .kinds()
                .forEach((subject, media) -> array.add(subject(subject)
                        .add("kinds", array(media.stream().map(Medium::name).toList()))));
        return array;
    }

    private static JsonArrayBuilder streams(Squelches squelches) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        squelches
                .streams()
                .forEach((subject, streams) -> array.add(subject(subject).add("streams", array(streams))));
        return array;
    }

    private static JsonObjectBuilder allBut(Squelches squelches) {
        JsonObjectBuilder object = JSON.createObjectBuilder();
        squelches.allBut().forEach((medium, spared) -> {
            JsonArrayBuilder subjects = JSON.createArrayBuilder();
            spared.forEach(subject -> subjects.add(subject(subject)));
            object.add(medium.name(), subjects);
        });
        return object;
    }

    private static JsonObjectBuilder subject(Subject subject) {
        return JSON.createObjectBuilder().add("principal", subject.principal()).add("uid", subject.name());
    }

    private static JsonArrayBuilder array(Collection<String> texts) {
        return JSON.createArrayBuilder(texts);
    }

    /** Empty text: there are none. */
    static String bans(RoomState state) {
        if (state.bans().isEmpty()) {
            return "";
        }
        JsonArrayBuilder bans = JSON.createArrayBuilder();
        for (Ban ban : state.bans()) {
            bans.add(JSON.createObjectBuilder()
                    .add("id", ban.id())
                    .add("uid", ban.name())
                    .add("principal", ban.principal())
                    .add("network", ban.network())
                    .add("until", ban.until().toEpochMilli()));
        }
        return bans.build().toString();
    }

    /**
     * Puts the two together again.
     *
     * @param state empty: there was nothing
     * @param bans empty: there are none
     * @throws IllegalArgumentException when one is not what is written above
     */
    static RoomState read(String state, String bans) {
        try {
            RoomState read = state.isEmpty() ? RoomState.NONE : state((JsonObject) parse(state));
            return bans.isEmpty() ? read : read.withBans(bans((JsonArray) parse(bans)));
        } catch (JsonException
                | ClassCastException // A member, or the whole, is of another type.
                | NullPointerException // JSON-P: a member is missing.
                | IllegalStateException // JSON-P: an empty document.
                | RoomException e) {
            throw new IllegalArgumentException("not a room's state: " + e.getMessage(), e);
        }
    }

    private static JsonValue parse(String text) {
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }

    private static List<Ban> bans(JsonArray array) {
        return array.getValuesAs(JsonObject.class).stream()
                .map(json -> new Ban(
                        json.getString("id"),
                        json.getString("uid"),
                        json.getString("principal"),
                        json.getString("network"),
                        Instant.ofEpochMilli(json.getJsonNumber("until").longValueExact())))
                .toList();
    }

    private static RoomState state(JsonObject json) {
        Map<Subject, Grants> grants = new LinkedHashMap<>();
        for (JsonObject member : json.getJsonArray("grants").getValuesAs(JsonObject.class)) {
            grants.put(subject(member), grants(texts(member.getJsonArray("grants"))));
        }
        Map<PeerName, String> secrets = new LinkedHashMap<>();
        json.getJsonObject("secrets")
                .forEach((name, hash) -> secrets.put(new PeerName(name), ((JsonString) hash).getString()));
        return new RoomState(
                json.getBoolean("locked"),
                flag(json, "lobby"),
                List.of(),
                grants,
                squelches(json),
                texts(json.getJsonArray("waiting")).stream().map(PeerName::new).collect(inOrder()),
                secrets,
                flag(json, "recorded"));
    }

    private static Optional<Boolean> flag(JsonObject json, String name) {
        return json.containsKey(name) ? Optional.of(json.getBoolean(name)) : Optional.empty();
    }

    private static Squelches squelches(JsonObject json) {
        Map<Subject, Set<Medium>> kinds = new LinkedHashMap<>();
        for (JsonObject member : json.getJsonArray("squelched").getValuesAs(JsonObject.class)) {
            kinds.put(
                    subject(member),
                    texts(member.getJsonArray("kinds")).stream()
                            .map(Medium::valueOf)
                            .collect(inOrder()));
        }
        Map<Subject, Set<String>> streams = new LinkedHashMap<>();
        for (JsonObject member : json.getJsonArray("squelchedStreams").getValuesAs(JsonObject.class)) {
            streams.put(subject(member), new LinkedHashSet<>(texts(member.getJsonArray("streams"))));
        }
        Map<Medium, Set<Subject>> allBut = new LinkedHashMap<>();
        json.getJsonObject("allBut")
                .forEach((medium, spared) -> allBut.put(
                        Medium.valueOf(medium),
                        ((JsonArray) spared)
                                .getValuesAs(JsonObject.class).stream()
                                        .map(RoomStateJson::subject)
                                        .collect(inOrder())));
        return new Squelches(kinds, streams, allBut);
    }

    /** A grant that a newer node knows and this one does not is none here. */
    private static Grants grants(List<String> words) {
        List<Grant> known = new ArrayList<>();
        words.forEach(word -> Grant.ofWire(word).ifPresent(known::add));
        return Grants.of(known);
    }

    private static Subject subject(JsonObject json) {
        return new Subject(json.getString("principal"), json.getString("uid"));
    }

    private static List<String> texts(JsonArray array) {
        return array.getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static <T> Collector<T, ?, Set<T>> inOrder() {
        return Collectors.toCollection(LinkedHashSet::new);
    }
}
