package dev.noir.bot.call;

import dev.noir.bot.rtc.Readings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** For people: lines of text. Thread: one. */
final class WordsReport implements Report {
    private final PrintStream out;

    WordsReport(PrintStream out) {
        this.out = out;
    }

    @Override
    public void joined(Joined joined) {
        print(
                "joined %s as %s in %d ms: socket %d, answer %d, media %d",
                plain(joined.room()),
                plain(joined.uid()),
                joined.socketMs() + joined.joinMs() + joined.mediaMs(),
                joined.socketMs(),
                joined.joinMs(),
                joined.mediaMs());
    }

    @Override
    public void seen(long atSeconds, Readings readings, List<Tally.Seen> tracks) {
        print("%4d s  up %s, down %s", atSeconds, path(readings.publisher()), path(readings.subscriber()));
        tracks.forEach(seen -> print("        %s", line(seen)));
    }

    private static String path(Optional<Readings.Path> path) {
        return path.map(pair -> String.format(
                        Locale.ROOT,
                        "%s %s to %s %s, rtt %.1f ms",
                        plain(pair.protocol()),
                        plain(pair.local()),
                        plain(pair.remote()),
                        plain(pair.address()),
                        pair.rttMs()))
                .orElse("nowhere");
    }

    private static String line(Tally.Seen seen) {
        String who = plain(seen.uid());
        if (!seen.video()) {
            return String.format(
                    Locale.ROOT,
                    "%s  sound %.0f kbit/s, %d dB, loss %.1f %%",
                    who,
                    seen.kbps(),
                    seen.level().orElseThrow(),
                    seen.loss());
        }
        return String.format(
                Locale.ROOT,
                "%s  picture %dx%d, %.1f fps, %.0f kbit/s, loss %.1f %%, %d freezes",
                who,
                seen.width(),
                seen.height(),
                seen.fps(),
                seen.kbps(),
                seen.loss(),
                seen.freezes());
    }

    @Override
    public void told(String what) {
        print("the server says: %s", plain(what));
    }

    @Override
    public void over(Summary summary) {
        print("after %.1f s:", summary.seconds());
        summary.tracks()
                .forEach(seen -> print(
                        "        %s%s",
                        line(seen),
                        seen.firstPictureMs().isPresent()
                                ? ", first picture after "
                                        + seen.firstPictureMs().getAsLong() + " ms"
                                : ""));
        summary.sent()
                .forEach(sent -> print(
                        "        sent %s: %d packets%s",
                        sent.video() ? "picture" : "sound",
                        sent.packets(),
                        sent.video() ? ", " + sent.frames() + " pictures" : ""));
        print(
                "pictures of %d participants%s",
                summary.decoded(), summary.expected() == 0 ? "" : ", " + summary.expected() + " expected");
    }

    @Override
    public void failed(String why) {
        print("failed: %s", plain(why));
    }

    private void print(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    /** What strangers have chosen does not steer the terminal. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> plain.append('\uFFFD');
                default -> plain.appendCodePoint(point);
            }
        });
        return plain.toString();
    }
}
