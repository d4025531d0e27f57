package dev.noir.media;

/**
 * How long clients keep pictures before they show them, in milliseconds, in steps of 10.
 *
 * @param min 0 to {@link #MAX}
 * @param max at least as much
 */
public record PlayoutDelay(int min, int max) {
    public static final int STEP = 10;
    public static final int MAX = 4095 * STEP;

    public PlayoutDelay {
        if (min < 0 || min > max || max > MAX) {
            throw new IllegalArgumentException("no such delay: " + min + "-" + max);
        }
    }
}
