package dev.noir.protocol;

import static dev.noir.protocol.Members.JSON;

import dev.noir.access.Grant;
import dev.noir.access.Password;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.Notification;
import dev.noir.room.Notification.EncodingLearned;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.PlayingMoved;
import dev.noir.room.Notification.RecordingChanged;
import dev.noir.room.Notification.Refused;
import dev.noir.room.Notification.ResumeSecret;
import dev.noir.room.Notification.RoomChanged;
import dev.noir.room.Notification.SentTo;
import dev.noir.room.Notification.SquelchChanged;
import dev.noir.room.Notification.StreamingChanged;
import dev.noir.room.Notification.TracksChanged;
import dev.noir.room.Notification.TracksChanged.TrackInfo;
import dev.noir.room.Notification.Waiting;
import dev.noir.room.Playing;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Notifications as JSON-RPC methods with their params; nodes write them the same way. Thread: any. */
public final class NotificationJson {
    private static final String PUBLISH = "publish.";

    private NotificationJson() {}

    public static String method(Notification notification) {
        if (notification instanceof GrantsChanged) {
            return "grants";
        } else if (notification instanceof SquelchChanged) {
            return "squelched";
        } else if (notification instanceof TracksChanged) {
            return "tracks";
        } else if (notification instanceof Refused) {
            return "refused";
        } else if (notification instanceof RoomChanged) {
            return "room";
        } else if (notification instanceof SentTo) {
            return "moved";
        } else if (notification instanceof RecordingChanged) {
            return "recording";
        } else if (notification instanceof StreamingChanged) {
            return "streaming";
        } else if (notification instanceof PlayingMoved) {
            return "playing";
        } else if (notification instanceof EncodingLearned) {
            return "encoding";
        }
        return "resume";
    }

    public static JsonObject params(Notification notification) {
        JsonObjectBuilder params = JSON.createObjectBuilder();
        if (notification instanceof GrantsChanged changed) {
            params.add("grants", Members.array(changed.grants().wire())).add("waiting", changed.waiting());
        } else if (notification instanceof SquelchChanged changed) {
            params.add("kinds", Members.words(changed.media()))
                    .add("streams", Members.array(new TreeSet<>(changed.streams())))
                    .add("squelched", changed.squelched());
        } else if (notification instanceof Refused refused) {
            params.add("kind", refused.missing().wire().substring(PUBLISH.length()))
                    .add("reason", refused.reason());
        } else if (notification instanceof TracksChanged changed) {
            params.add("state", changed.added() ? "add" : "remove")
                    .add("uid", changed.uid().value())
                    .add("tracks", tracks(changed.tracks()));
        } else if (notification instanceof RoomChanged room) {
            params.add("locked", room.locked())
                    .add("lobby", room.lobby())
                    .add("recordable", room.recordable())
                    .add("waiting", waiting(room.waiting()));
        } else if (notification instanceof SentTo sent) {
            params.add("sid", sent.room().value());
            if (sent.invitation().isGiven()) {
                params.add("password", sent.invitation().text());
            }
        } else if (notification instanceof RecordingChanged recording) {
            params.add("recorded", recording.recorded());
            if (!recording.why().isEmpty()) {
                params.add("reason", recording.why());
            }
        } else if (notification instanceof StreamingChanged streaming) {
            params.add("streamed", streaming.streamed());
        } else if (notification instanceof PlayingMoved moved) {
            params.add("file", moved.now().file())
                    .add("repeat", moved.now().repeat())
                    .add("position", moved.now().position())
                    .add("paused", moved.now().paused());
        } else if (notification instanceof EncodingLearned learned) {
            params.addAll(encoding(learned.encoding()));
        } else if (notification instanceof ResumeSecret resume) {
            params.add("secret", resume.secret());
        }
        return params.build();
    }

    /** Also where several are told at once. */
    public static JsonObjectBuilder encoding(LearnedEncoding encoding) {
        return JSON.createObjectBuilder()
                .add("mid", encoding.mid())
                .add("rid", encoding.rid())
                .add("ssrc", encoding.ssrc())
                .add("rtx", encoding.rtxSsrc());
    }

    /** The reverse. */
    public static LearnedEncoding encoding(JsonObject json) {
        return new LearnedEncoding(
                Members.text(json, "mid"),
                Members.text(json, "rid"),
                json.getJsonNumber("ssrc").longValueExact(),
                json.getJsonNumber("rtx").longValueExact());
    }

    private static JsonArrayBuilder tracks(List<TrackInfo> tracks) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        tracks.forEach(track -> array.add(JSON.createObjectBuilder()
                .add("id", track.id())
                .add("stream", track.stream())
                .add("kind", Members.word(track.medium()))
                .add("screen", track.screen())
                .add("layers", Members.array(track.rids()))));
        return array;
    }

    private static JsonArrayBuilder waiting(List<Waiting> peers) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        for (Waiting peer : peers) {
            JsonObjectBuilder object =
                    JSON.createObjectBuilder().add("uid", peer.name().value());
            if (!peer.principal().isEmpty()) {
                object.add("principal", peer.principal());
            }
            array.add(object);
        }
        return array;
    }

    /** @throws BadJson when the params are not those of the method */
    public static Notification read(String method, JsonObject params) {
        return switch (method) {
            case "grants" -> new GrantsChanged(Members.grants(params, "grants"), Members.flag(params, "waiting"));
            case "squelched" ->
                new SquelchChanged(
                        Members.flag(params, "squelched"),
                        Members.media(params, "kinds"),
                        Set.copyOf(Members.texts(params, "streams")));
            case "tracks" ->
                new TracksChanged(
                        Members.text(params, "state").equals("add"),
                        Members.peer(params, "uid"),
                        Members.objects(params, "tracks").stream()
                                .map(track -> new TrackInfo(
                                        Members.text(track, "id"),
                                        Members.text(track, "stream"),
                                        Members.medium("kind", Members.text(track, "kind")),
                                        Members.flag(track, "screen"),
                                        Members.texts(track, "layers")))
                                .toList());
            case "refused" ->
                new Refused(
                        Grant.ofWire(PUBLISH + Members.text(params, "kind"))
                                .orElseThrow(() -> new BadJson("kind is none of ours")),
                        Members.text(params, "reason"));
            case "room" ->
                new RoomChanged(
                        Members.flag(params, "locked"),
                        Members.flag(params, "lobby"),
                        params.containsKey("recordable") && Members.flag(params, "recordable"),
                        Members.objects(params, "waiting").stream()
                                .map(peer -> new Waiting(Members.peer(peer, "uid"), Members.principal(peer)))
                                .toList());
            case "encoding" -> new EncodingLearned(encoding(params));
            case "moved" ->
                new SentTo(
                        Members.room(params, "sid"),
                        new Password(Members.optionalText(params, "password").orElse("")));
            case "recording" ->
                new RecordingChanged(
                        Members.flag(params, "recorded"),
                        Members.optionalText(params, "reason").orElse(""));
            case "streaming" -> new StreamingChanged(Members.flag(params, "streamed"));
            case "playing" ->
                new PlayingMoved(new Playing(
                        Members.text(params, "file"),
                        (int) Members.number(params, "repeat", Playing.FOR_EVER, Integer.MAX_VALUE),
                        Members.number(params, "position", 0, Long.MAX_VALUE),
                        Members.flag(params, "paused")));
            case "resume" -> new ResumeSecret(Members.text(params, "secret"));
            default -> throw new BadJson("there is no such notification");
        };
    }
}
