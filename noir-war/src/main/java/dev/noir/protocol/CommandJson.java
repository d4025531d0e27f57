package dev.noir.protocol;

import static dev.noir.protocol.Members.JSON;

import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationCommand.Admit;
import dev.noir.room.ModerationCommand.Banish;
import dev.noir.room.ModerationCommand.Close;
import dev.noir.room.ModerationCommand.Describe;
import dev.noir.room.ModerationCommand.Explain;
import dev.noir.room.ModerationCommand.JobHasFailed;
import dev.noir.room.ModerationCommand.Kick;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Move;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.ModerationCommand.Reload;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.ModerationCommand.SquelchOthers;
import dev.noir.room.ModerationCommand.Subscribe;
import dev.noir.room.ModerationCommand.Subscribe.Choice;
import dev.noir.room.ModerationCommand.Unban;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Commands of moderators as JSON-RPC methods with their params; nodes write them the same way. Thread: any. */
public final class CommandJson {
    /** Those that clients have. */
    public static final List<String> METHODS = List.of(
            "peers",
            "explain",
            "lock",
            "lobby",
            "record",
            "admit",
            "kick",
            "move",
            "ban",
            "unban",
            "squelch",
            "unsquelch",
            "grant",
            "subscribe");

    private static final int MAX_CHOICES = 256;

    private CommandJson() {}

    /**
     * Reads what somebody asks for.
     *
     * @throws BadJson when the params are not those of the method
     * @throws dev.noir.room.RoomException when a name is none
     */
    public static ModerationCommand read(String method, JsonObject params) {
        return switch (method) {
            case "peers" -> new Peers();
            case "explain" ->
                new Explain(params.containsKey("uid") ? Optional.of(Members.peer(params, "uid")) : Optional.empty());
            case "lock" -> new Lock(Members.flag(params, "locked"));
            case "lobby" -> new Lobby(Members.flag(params, "enabled"));
            case "record" -> new ModerationCommand.RecordRoom(Members.flag(params, "enabled"));
            case "admit" -> new Admit(Members.peer(params, "uid"));
            case "kick" -> new Kick(Members.peer(params, "uid"), reason(params));
            case "move" -> new Move(Members.peer(params, "uid"), Members.room(params, "to"));
            case "ban" ->
                new Banish(
                        Members.peer(params, "uid"),
                        Duration.ofSeconds(Members.number(params, "seconds", 1, Banish.MAX_TIME.toSeconds())),
                        reason(params));
            case "unban" -> new Unban(Members.text(params, "id"));
            case "squelch" -> squelch(true, params);
            case "unsquelch" -> squelch(false, params);
            case "subscribe" -> subscribe(params);
            case "grant" -> new SetGrants(Members.peer(params, "uid"), Members.grants(params, "grants"));
            default -> management(method, params);
        };
    }

    private static ModerationCommand management(String method, JsonObject params) {
        return switch (method) {
            case "describe" -> new Describe();
            case "reload" -> new Reload();
            case "close" -> new Close(reason(params));
            case "jobHasFailed" ->
                new JobHasFailed(
                        Members.text(params, "job"), Members.text(params, "kind"), Members.text(params, "failure"));
            default -> throw new BadJson("there is no such method");
        };
    }

    private static Subscribe subscribe(JsonObject params) {
        List<JsonObject> tracks = Members.objects(params, "tracks");
        if (tracks.size() > MAX_CHOICES) {
            throw new BadJson("tracks may have " + MAX_CHOICES + " members");
        }
        return new Subscribe(tracks.stream()
                .map(track -> new Choice(
                        Members.text(track, "id"),
                        Members.flag(track, "subscribe"),
                        track.containsKey("mute") && Members.flag(track, "mute"),
                        Members.optionalText(track, "layer").orElse("")))
                .toList());
    }

    private static JsonArrayBuilder choices(Subscribe subscribe) {
        JsonArrayBuilder tracks = JSON.createArrayBuilder();
        subscribe
                .choices()
                .forEach(choice -> tracks.add(JSON.createObjectBuilder()
                        .add("id", choice.track())
                        .add("subscribe", choice.subscribed())
                        .add("mute", choice.muted())
                        .add("layer", choice.layer())));
        return tracks;
    }

    private static String reason(JsonObject params) {
        return Members.optionalText(params, "reason").orElse("");
    }

    private static ModerationCommand squelch(boolean squelched, JsonObject params) {
        Optional<Medium> medium = Members.optionalMedium(params, "kind");
        if (params.containsKey("except")) {
            if (params.containsKey("uid") || params.containsKey("stream")) {
                throw new BadJson("except stands alone, or with kind");
            }
            return new SquelchOthers(squelched, Members.peer(params, "except"), medium);
        }
        Optional<String> stream = Members.optionalText(params, "stream");
        if (stream.isPresent() && medium.isPresent()) {
            throw new BadJson("there can be a kind or a stream");
        }
        return new Squelch(squelched, Members.peer(params, "uid"), medium, stream);
    }

    public static String method(ModerationCommand command) {
        if (command instanceof Peers) {
            return "peers";
        } else if (command instanceof Explain) {
            return "explain";
        } else if (command instanceof Subscribe) {
            return "subscribe";
        } else if (command instanceof Lock) {
            return "lock";
        } else if (command instanceof Lobby) {
            return "lobby";
        } else if (command instanceof ModerationCommand.RecordRoom) {
            return "record";
        } else if (command instanceof Admit) {
            return "admit";
        } else if (command instanceof Kick) {
            return "kick";
        } else if (command instanceof Move) {
            return "move";
        } else if (command instanceof Banish) {
            return "ban";
        } else if (command instanceof Unban) {
            return "unban";
        } else if (command instanceof Squelch squelch) {
            return squelch.squelched() ? "squelch" : "unsquelch";
        } else if (command instanceof SquelchOthers others) {
            return others.squelched() ? "squelch" : "unsquelch";
        }
        return command.isManagement() ? managementMethod(command) : "grant";
    }

    private static String managementMethod(ModerationCommand command) {
        if (command instanceof Close) {
            return "close";
        } else if (command instanceof JobHasFailed) {
            return "jobHasFailed";
        }
        return command instanceof Describe ? "describe" : "reload";
    }

    public static JsonObject params(ModerationCommand command) {
        JsonObjectBuilder params = JSON.createObjectBuilder();
        if (command instanceof Explain explain) {
            explain.peer().ifPresent(peer -> params.add("uid", peer.value()));
        } else if (command instanceof Subscribe subscribe) {
            params.add("tracks", choices(subscribe));
        } else if (command instanceof Lock lock) {
            params.add("locked", lock.locked());
        } else if (command instanceof Lobby lobby) {
            params.add("enabled", lobby.enabled());
        } else if (command instanceof ModerationCommand.RecordRoom record) {
            params.add("enabled", record.enabled());
        } else if (command instanceof Admit admit) {
            params.add("uid", admit.peer().value());
        } else if (command instanceof Kick kick) {
            params.add("uid", kick.peer().value()).add("reason", kick.reason());
        } else if (command instanceof Move move) {
            params.add("uid", move.peer().value()).add("to", move.to().value());
        } else if (command instanceof Banish banish) {
            params.add("uid", banish.peer().value())
                    .add("seconds", banish.time().toSeconds())
                    .add("reason", banish.reason());
        } else if (command instanceof Close close) {
            params.add("reason", close.reason());
        } else if (command instanceof JobHasFailed told) {
            params.add("job", told.job()).add("kind", told.kind()).add("failure", told.failure());
        } else if (command instanceof Unban unban) {
            params.add("id", unban.id());
        } else if (command instanceof Squelch squelch) {
            params.add("uid", squelch.peer().value());
            squelch.medium().ifPresent(medium -> params.add("kind", Members.word(medium)));
            squelch.stream().ifPresent(stream -> params.add("stream", stream));
        } else if (command instanceof SquelchOthers others) {
            params.add("except", others.except().value());
            others.medium().ifPresent(medium -> params.add("kind", Members.word(medium)));
        } else if (command instanceof SetGrants grant) {
            params.add("uid", grant.peer().value())
                    .add("grants", Members.array(grant.grants().wire()));
        }
        return params.build();
    }
}
