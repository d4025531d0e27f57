package dev.noir.bot.call;

import dev.noir.bot.Sound;
import java.nio.ShortBuffer;

/** What the caller lets others hear: a hum. Thread: one. */
final class TestTone {
    static final int MILLIS = 10;
    private static final int RATE = 48_000;
    private static final int FRAMES = RATE * MILLIS / 1000;
    private static final double HERTZ = 440;
    private static final double AMPLITUDE = 8000; // -12 dB.

    private final ShortBuffer samples = ShortBuffer.allocate(FRAMES);
    private long number;

    /** The same buffer each time. */
    Sound next() {
        for (int i = 0; i < FRAMES; i++) {
            samples.put(i, (short) (AMPLITUDE * Math.sin(2 * Math.PI * HERTZ * number++ / RATE)));
        }
        return new Sound(samples, FRAMES, RATE, 1);
    }
}
