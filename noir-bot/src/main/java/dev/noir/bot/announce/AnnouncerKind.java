package dev.noir.bot.announce;

import dev.noir.bot.Bot;
import dev.noir.bot.BotKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plays a WAV file, or a tone, into a room, once or again and again, and leaves. Options: {@code file}, or {@code tone} in Hz and
 * {@code seconds}; {@code repeat}, how often again, -1 for ever; {@code pause}, seconds between.
 */
public final class AnnouncerKind implements BotKind {
    private static final Set<String> OPTIONS = Set.of("file", "tone", "seconds", "repeat", "pause");

    /** Found by its name alone, as services are. */
    public AnnouncerKind() {}

    @Override
    public String name() {
        return "announcer";
    }

    @Override
    public Bot make(Map<String, String> options, Files files) {
        for (String name : options.keySet()) {
            if (!OPTIONS.contains(name)) {
                throw new IllegalArgumentException("an announcer has no option " + name);
            }
        }
        Optional<Path> file = Optional.ofNullable(options.get("file")).map(files::named);
        int tone = number(options, "tone", 440, 20, 20_000);
        int seconds = number(options, "seconds", 3, 1, 3600);
        int repeat = number(options, "repeat", 0, Announcer.FOR_EVER, 1_000_000);
        int pause = number(options, "pause", 1, 0, 3600);
        return new Announcer(file, tone, seconds, repeat, pause);
    }

    private static int number(Map<String, String> options, String name, int otherwise, int min, int max) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + " has to be a whole number from " + min + " to " + max);
    }
}
