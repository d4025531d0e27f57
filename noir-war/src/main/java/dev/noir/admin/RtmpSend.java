package dev.noir.admin;

import dev.noir.admin.RecordJson.Rigour;
import dev.noir.restreaming.Choice;
import dev.noir.restreaming.Restreamer;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Map;
import java.util.Optional;

/** The original's job of that name: sends what a participant shows and says to a server of RTMP. Thread: any. */
public final class RtmpSend implements JobKind {
    // The original's words, and ours.
    private static final Map<String, String> WORDS = Map.of("destination", "url", "source_user_id", "peer");

    /** What, and where to. */
    record Options(
            @Member(value = "of the stream there, with its key", max = Restreamer.MAX_URL_CHARS, secret = true)
                    String url,
            @Member("whose media; when missing the first one's who shows something") Optional<String> peer,
            @Member("the screen instead of the camera") Optional<Boolean> screen,
            @Member("also what is not H264") Optional<Boolean> transcode) {}

    // Given.
    private final Restreamer restreamer;

    public RtmpSend(Restreamer restreamer) {
        this.restreamer = restreamer;
    }

    @Override
    public String name() {
        return "RTMPSend";
    }

    @Override
    public boolean isForHost() {
        return true;
    }

    @Override
    public Run start(String room, Map<String, ?> given) {
        Options options = RecordJson.read(Options.class, inOurWords(given), Rigour.STRICT);
        Choice choice =
                new Choice(options.peer().map(PeerName::new), options.screen().orElse(false));
        return new SentStream(
                restreamer.rtmp(
                        new RoomId(room),
                        choice,
                        options.url(),
                        options.transcode().orElse(false)),
                Optional.empty());
    }

    private static JsonObject inOurWords(Map<String, ?> given) {
        JsonObject json = given instanceof JsonObject known ? known : RecordJson.tree(given);
        JsonObjectBuilder renamed = Json.createObjectBuilder();
        json.forEach((name, value) -> renamed.add(WORDS.getOrDefault(name, name), value));
        return renamed.build();
    }
}
