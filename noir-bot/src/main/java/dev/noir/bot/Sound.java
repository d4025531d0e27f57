package dev.noir.bot;

import java.nio.ShortBuffer;

/**
 * A piece of sound: linear samples of 16 bits, those of all channels beside each other. Taken by index from 0; position and limit
 * of the buffer do not count.
 *
 * <p>Who gets one may read it until he returns, and has to copy what he wants to keep. Who gives one away has it back when the
 * call returns.
 *
 * @param frames samples of each channel
 * @param rate frames per second, 8000 to 48000
 * @param channels 1 or 2
 */
public record Sound(ShortBuffer samples, int frames, int rate, int channels) {
    /** @throws IllegalArgumentException when a number is out of range, or the buffer too small */
    public Sound {
        if (rate < 8000 || rate > 48_000 || channels < 1 || channels > 2) {
            throw new IllegalArgumentException("sound of " + rate + " Hz and " + channels + " channels");
        }
        if (frames < 0 || samples.capacity() < (long) frames * channels) {
            throw new IllegalArgumentException("only " + samples.capacity() + " samples");
        }
    }
}
