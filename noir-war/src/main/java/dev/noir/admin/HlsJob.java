package dev.noir.admin;

import dev.noir.admin.RecordJson.Rigour;
import dev.noir.restreaming.Choice;
import dev.noir.restreaming.Restreamer;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import jakarta.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/** Shows what a participant shows and says to many who only watch, by HLS. Thread: any. */
public final class HlsJob implements JobKind {
    /** What, and where. */
    record Options(
            @Member("whose media; when missing the first one's who shows something") Optional<String> peer,
            @Member("the screen instead of the camera") Optional<Boolean> screen,
            @Member("also what browsers do not play") Optional<Boolean> transcode,
            @Member(value = "where everybody finds it; when missing where nobody does who is not told", max = 64)
                    Optional<String> name) {}

    // Given.
    private final Restreamer restreamer;

    public HlsJob(Restreamer restreamer) {
        this.restreamer = restreamer;
    }

    @Override
    public String name() {
        return "HLS";
    }

    @Override
    public boolean isForHost() {
        return true;
    }

    @Override
    public Run start(String room, Map<String, ?> given) {
        JsonObject json = given instanceof JsonObject known ? known : RecordJson.tree(given);
        Options options = RecordJson.read(Options.class, json, Rigour.STRICT);
        Choice choice =
                new Choice(options.peer().map(PeerName::new), options.screen().orElse(false));
        Restreamer.HlsStream shown = restreamer.hls(
                new RoomId(room), choice, options.name(), options.transcode().orElse(false));
        return new SentStream(shown.stream(), Optional.of("hls/" + shown.name() + "/index.m3u8"));
    }
}
