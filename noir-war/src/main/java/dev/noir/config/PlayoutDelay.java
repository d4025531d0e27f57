package dev.noir.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long clients keep pictures before they show them, in milliseconds.
 *
 * @param max at least {@code min}
 */
public record PlayoutDelay(int min, int max) {
    /** What 12 bits of 10 ms hold. */
    private static final int MAX = 40_950;

    private static final int STEP = 10;
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    /** "0-200"; empty leaves it to the publishers. */
    static final Setting<Optional<PlayoutDelay>> SETTING =
            new Setting<>("noir.media.playout-delay", "", false, PlayoutDelay::noneOrRange);

    private static Optional<PlayoutDelay> noneOrRange(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            int min = Integer.parseInt(range.group(1));
            int max = Integer.parseInt(range.group(2));
            if (min <= max && max <= MAX && min % STEP == 0 && max % STEP == 0) {
                return Optional.of(new PlayoutDelay(min, max));
            }
        }
        throw new IllegalArgumentException(
                "is not two numbers of milliseconds like 0-200, in steps of 10, up to " + MAX);
    }
}
