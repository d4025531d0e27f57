package dev.noir.bot.call;

import dev.noir.bot.rtc.Readings;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** For programs: an object on each line, with what it is as {@code event}. Thread: one. */
final class JsonReport implements Report {
    private final PrintStream out;

    JsonReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void joined(Joined joined) {
        print(event("joined")
                .add("room", joined.room())
                .add("uid", joined.uid())
                .add("socketMs", joined.socketMs())
                .add("joinMs", joined.joinMs())
                .add("mediaMs", joined.mediaMs()));
    }

    @Override
    public void seen(long atSeconds, Readings readings, List<Tally.Seen> tracks) {
        JsonObjectBuilder event = event("seen").add("seconds", atSeconds);
        path("up", readings.publisher(), event);
        path("down", readings.subscriber(), event);
        print(event.add("tracks", tracks(tracks)));
    }

    private static void path(String name, Optional<Readings.Path> path, JsonObjectBuilder to) {
        path.ifPresent(pair -> to.add(
                name,
                Json.createObjectBuilder()
                        .add("protocol", pair.protocol())
                        .add("local", pair.local())
                        .add("remote", pair.remote())
                        .add("address", pair.address())
                        .add("rttMs", tenths(pair.rttMs()))));
    }

    private static JsonArrayBuilder tracks(List<Tally.Seen> tracks) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Tally.Seen seen : tracks) {
            JsonObjectBuilder one = Json.createObjectBuilder()
                    .add("uid", seen.uid())
                    .add("stream", seen.stream())
                    .add("track", seen.track())
                    .add("kind", seen.video() ? "video" : "audio")
                    .add("kbps", tenths(seen.kbps()))
                    .add("lossPercent", tenths(seen.loss()));
            if (seen.video()) {
                one.add("fps", tenths(seen.fps()))
                        .add("width", seen.width())
                        .add("height", seen.height())
                        .add("pictures", seen.frames())
                        .add("freezes", seen.freezes());
            }
            seen.level().ifPresent(level -> one.add("level", level));
            seen.firstPictureMs().ifPresent(ms -> one.add("firstPictureMs", ms));
            all.add(one);
        }
        return all;
    }

    /** Nobody reads more of them. */
    private static double tenths(double number) {
        return Math.round(number * 10) / 10.0;
    }

    @Override
    public void told(String what) {
        print(event("told").add("what", what));
    }

    @Override
    public void over(Summary summary) {
        JsonArrayBuilder sent = Json.createArrayBuilder();
        for (Readings.Sent one : summary.sent()) {
            sent.add(Json.createObjectBuilder()
                    .add("kind", one.video() ? "video" : "audio")
                    .add("bytes", one.bytes())
                    .add("packets", one.packets())
                    .add("pictures", one.frames()));
        }
        print(event("summary")
                .add("room", summary.room())
                .add("uid", summary.uid())
                .add("seconds", tenths(summary.seconds()))
                .add("decoded", summary.decoded())
                .add("expected", summary.expected())
                .add("tracks", tracks(summary.tracks()))
                .add("sent", sent)
                .add("exit", summary.exit()));
    }

    @Override
    public void failed(String why) {
        print(event("failed").add("why", why));
    }

    private static JsonObjectBuilder event(String name) {
        return Json.createObjectBuilder().add("event", name);
    }

    private void print(JsonObjectBuilder event) {
        out.println(event.build());
        out.flush();
    }
}
