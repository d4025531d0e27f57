package dev.noir.protocol;

import static dev.noir.protocol.Members.JSON;

import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomReport;
import dev.noir.room.RoomReport.BanReport;
import dev.noir.room.RoomReport.PeerReport;
import dev.noir.room.RoomReport.StreamReport;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.LinkedHashMap;

/** Results of moderators' commands as JSON; nodes write them as clients get them. Thread: any. */
public final class ResultJson {
    private ResultJson() {}

    public static JsonObject of(ModerationResult result) {
        if (result instanceof RoomReport report) {
            return report(report);
        } else if (result instanceof RoomDescription room) {
            return DescriptionJson.of(room);
        } else if (result instanceof ModerationResult.Banned banned) {
            return JSON.createObjectBuilder().add("id", banned.id()).build();
        } else if (result instanceof ModerationResult.Explained explained) {
            return JSON.createObjectBuilder(new LinkedHashMap<String, Object>(explained.tree()))
                    .build();
        }
        return JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject report(RoomReport report) {
        JsonArrayBuilder peers = JSON.createArrayBuilder();
        report.peers().forEach(peer -> peers.add(peer(peer)));
        JsonArrayBuilder bans = JSON.createArrayBuilder();
        for (BanReport ban : report.bans()) {
            bans.add(named(ban.name(), ban.principal())
                    .add("id", ban.id())
                    .add("until", ban.until().toEpochMilli()));
        }
        return JSON.createObjectBuilder()
                .add("locked", report.locked())
                .add("lobby", report.lobby())
                .add("peers", peers)
                .add("bans", bans)
                .build();
    }

    private static JsonObjectBuilder peer(PeerReport peer) {
        JsonArrayBuilder streams = JSON.createArrayBuilder();
        for (StreamReport stream : peer.streams()) {
            streams.add(JSON.createObjectBuilder()
                    .add("id", stream.id())
                    .add("kind", Members.word(stream.medium()))
                    .add("screen", stream.screen())
                    .add("squelched", stream.squelched()));
        }
        JsonObjectBuilder object = named(peer.name().value(), peer.principal())
                .add("waiting", peer.waiting())
                .add("grants", Members.array(peer.grants().wire()))
                .add("squelched", Members.words(peer.squelched()))
                .add("streams", streams);
        return peer.attends() ? object.add("attends", true) : object;
    }

    private static JsonObjectBuilder named(String name, String principal) {
        JsonObjectBuilder object = JSON.createObjectBuilder().add("uid", name);
        return principal.isEmpty() ? object : object.add("principal", principal);
    }

    /**
     * What another node has answered.
     *
     * @param asked what it was asked for
     * @throws BadJson when it cannot be the answer to that
     */
    public static ModerationResult read(ModerationCommand asked, JsonObject json) {
        if (asked instanceof ModerationCommand.Peers) {
            return report(json);
        } else if (asked instanceof ModerationCommand.Describe) {
            return DescriptionJson.read(json);
        } else if (asked instanceof ModerationCommand.Banish) {
            return new ModerationResult.Banned(Members.text(json, "id"));
        } else if (asked instanceof ModerationCommand.Explain) {
            return new ModerationResult.Explained(json);
        }
        return new ModerationResult.Done();
    }

    private static RoomReport report(JsonObject json) {
        return new RoomReport(
                Members.flag(json, "locked"),
                Members.flag(json, "lobby"),
                Members.objects(json, "peers").stream().map(ResultJson::peer).toList(),
                Members.objects(json, "bans").stream()
                        .map(ban -> new BanReport(
                                Members.text(ban, "id"),
                                Members.text(ban, "uid"),
                                Members.principal(ban),
                                Instant.ofEpochMilli(Members.number(ban, "until", 0, Long.MAX_VALUE))))
                        .toList());
    }

    private static PeerReport peer(JsonObject json) {
        return new PeerReport(
                Members.peer(json, "uid"),
                Members.principal(json),
                Members.flag(json, "waiting"),
                Members.grants(json, "grants"),
                Members.media(json, "squelched"),
                Members.objects(json, "streams").stream()
                        .map(stream -> new StreamReport(
                                Members.text(stream, "id"),
                                Members.medium("kind", Members.text(stream, "kind")),
                                Members.flag(stream, "screen"),
                                Members.flag(stream, "squelched")))
                        .toList(),
                json.containsKey("attends") && Members.flag(json, "attends"));
    }
}
