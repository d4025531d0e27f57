package dev.noir.protocol;

import static dev.noir.protocol.Members.JSON;

import dev.noir.access.OwnPolicy;
import dev.noir.access.Pass;
import dev.noir.access.RoomHashes;
import dev.noir.room.RoomCounts;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rooms as a whole, between nodes. Thread: any. */
final class DescriptionJson {
    private DescriptionJson() {}

    static JsonObject of(RoomDescription room) {
        RoomOptions options = room.options();
        JsonObjectBuilder json = JSON.createObjectBuilder()
                .add("node", room.node())
                .add("room", room.counts().room().value())
                .add("peers", room.counts().peers())
                .add("publishers", room.counts().publishers())
                .add("subscribers", room.counts().subscribers())
                .add("title", options.title())
                .add("maxPeers", options.maxPeers())
                .add("maxPublishers", options.maxPublishers())
                .add("maxAgeSeconds", options.maxAge().toSeconds())
                .add("reserveSeconds", options.reserve().toSeconds())
                .add("channel", options.channel())
                .add(
                        "passwords",
                        Members.array(room.passwords().stream().map(Pass::name).toList()))
                .add("policy", options.policy().text())
                .add("locked", room.locked())
                .add("lobby", room.lobby())
                .add("inLobby", room.inLobby())
                .add("recorded", room.recorded())
                .add("opened", room.opened().toEpochMilli());
        options.record().ifPresent(record -> json.add("record", record));
        return json.build();
    }

    static RoomDescription read(JsonObject json) {
        RoomOptions options = new RoomOptions(
                Members.text(json, "title"),
                count(json, "maxPeers"),
                count(json, "maxPublishers"),
                Duration.ofSeconds(count(json, "maxAgeSeconds")),
                Duration.ofSeconds(count(json, "reserveSeconds")),
                Members.flag(json, "channel"),
                RoomHashes.NONE,
                policy(json),
                json.containsKey("record") ? Optional.of(Members.flag(json, "record")) : Optional.empty());
        Set<Pass> passwords =
                Members.texts(json, "passwords").stream().map(Pass::valueOf).collect(Collectors.toUnmodifiableSet());
        return new RoomDescription(
                Members.text(json, "node"),
                new RoomCounts(
                        new RoomId(Members.text(json, "room")),
                        count(json, "peers"),
                        count(json, "publishers"),
                        count(json, "subscribers")),
                options,
                passwords,
                Members.flag(json, "locked"),
                Members.flag(json, "lobby"),
                json.containsKey("inLobby") ? count(json, "inLobby") : 0, // Older nodes do not say.
                json.containsKey("recorded") && Members.flag(json, "recorded"),
                Instant.ofEpochMilli(Members.number(json, "opened", 0, Long.MAX_VALUE)));
    }

    /** Older nodes know of none. */
    private static OwnPolicy policy(JsonObject json) {
        try {
            return OwnPolicy.parse(
                    Members.optionalText(json, "policy", OwnPolicy.MAX_LENGTH).orElse(""));
        } catch (IllegalArgumentException e) {
            throw new BadJson("policy: " + e.getMessage());
        }
    }

    private static int count(JsonObject json, String name) {
        return (int) Members.number(json, name, 0, Integer.MAX_VALUE);
    }
}
