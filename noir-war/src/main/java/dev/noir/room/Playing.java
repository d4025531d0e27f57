package dev.noir.room;

import dev.noir.room.RoomException.Code;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is played into a room, and how far that is. As text it stands where others have SDP ({@link Connections#INJECTED}): lines of
 * a word, {@code =} and a value; unknown ones are skipped.
 *
 * @param file its name in the folder of files, or a URL; what is neither is refused by whoever reads it
 * @param repeat how often again after this time; {@link #FOR_EVER}
 * @param position ms from the beginning of the file
 * @param paused it stands still
 */
public record Playing(String file, int repeat, long position, boolean paused) {
    public static final int FOR_EVER = -1;
    public static final int MAX_FILE_CHARS = 255;

    /** What is longer is not read, in characters. */
    static final int MAX_TEXT = 1024;

    private static final String FILE = "file";
    private static final String REPEAT = "repeat";
    private static final String POSITION = "position";
    private static final String PAUSED = "paused";

    /** @throws RoomException INVALID */
    public Playing {
        if (file.isEmpty() || file.length() > MAX_FILE_CHARS || file.chars().anyMatch(Character::isISOControl)) {
            throw invalid("the name of a file has 1 to " + MAX_FILE_CHARS + " characters");
        }
        if (repeat < FOR_EVER) {
            throw invalid("repeat is at least -1, which is for ever");
        }
        if (position < 0) {
            throw invalid("position is at least 0");
        }
    }

    /**
     * What is to be otherwise.
     *
     * @param position ms from the beginning of the file; empty: where it is
     */
    public record Change(Optional<Boolean> paused, OptionalLong position) {
        /** As the offer of who wants it. */
        public String text() {
            StringBuilder text = new StringBuilder();
            paused.ifPresent(now -> add(text, PAUSED, now));
            position.ifPresent(ms -> add(text, POSITION, ms));
            return text.toString();
        }

        /** @throws RoomException INVALID */
        static Change read(String text) {
            Map<String, String> lines = lines(text);
            return new Change(
                    Optional.ofNullable(lines.get(PAUSED)).map(Boolean::valueOf),
                    lines.containsKey(POSITION) ? OptionalLong.of(number(lines, POSITION)) : OptionalLong.empty());
        }
    }

    /** The same from there on. */
    public Playing at(long ms) {
        return new Playing(file, repeat, ms, paused);
    }

    /** The same with that changed. */
    public Playing with(Change change) {
        return new Playing(
                file,
                repeat,
                change.position().orElse(position),
                change.paused().orElse(paused));
    }

    /** As the offer of who joins. */
    public String text() {
        StringBuilder text = new StringBuilder();
        add(text, FILE, file);
        add(text, REPEAT, repeat);
        add(text, POSITION, position);
        add(text, PAUSED, paused);
        return text.toString();
    }

    /** @throws RoomException INVALID */
    static Playing read(String text) {
        Map<String, String> lines = lines(text);
        long repeat = number(lines, REPEAT);
        if (repeat > Integer.MAX_VALUE) {
            throw invalid("repeat is too large");
        }
        return new Playing(
                lines.getOrDefault(FILE, ""),
                (int) Math.max(repeat, Integer.MIN_VALUE),
                number(lines, POSITION),
                Boolean.parseBoolean(lines.get(PAUSED)));
    }

    private static void add(StringBuilder text, String word, Object value) {
        text.append(word).append('=').append(value).append('\n');
    }

    private static Map<String, String> lines(String text) {
        if (text.length() > MAX_TEXT) {
            throw invalid("what is to be played is too long");
        }
        Map<String, String> lines = new HashMap<>();
        text.lines().forEach(line -> {
            int end = line.indexOf('=');
            if (end > 0) {
                lines.put(line.substring(0, end), line.substring(end + 1));
            }
        });
        return lines;
    }

    private static long number(Map<String, String> lines, String word) {
        try {
            return Long.parseLong(lines.getOrDefault(word, "0"));
        } catch (NumberFormatException e) {
            throw invalid(word + " is a whole number");
        }
    }

    private static RoomException invalid(String why) {
        return new RoomException(Code.INVALID, why);
    }
}
