package dev.noir.recording;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A track of a file of MP4: what the next fragment has of it, and one sample more, whose length nobody knows before the next one comes.
 * Thread: one at a time.
 */
final class Mp4Track {
    /**
     * One whose length is known.
     *
     * @param duration in the track's units, at least 1
     * @param key a decoder can start here
     */
    @SuppressWarnings("ArrayRecordComponent") // Written, never compared.
    record Sample(byte[] data, long duration, boolean key) {}

    /** Units in a second. */
    static final int VIDEO_SCALE = 90_000;

    /** RFC 7845 §4: Opus has this rate whatever it was made of. */
    static final int AUDIO_SCALE = 48_000;

    private static final long SECOND = 1_000_000; // µs

    // Of the last sample of all, which nothing follows: as long as the one before, within reason.
    private static final int USUAL_PART = 50;
    private static final int LONGEST_PART = 8;

    // In 32 bits of a run with a sign, as some read them; what comes next begins a fragment with its own time anyway.
    private static final long MAX_DURATION = Integer.MAX_VALUE;

    // Given.
    private final int number;
    private final MediaFormat format;

    // State. Times are in the track's units, but for micros.
    private List<Sample> samples = new ArrayList<>();
    private long begin;
    private byte @Nullable [] waiting;
    private boolean waitingKey;
    private long waitingMicros;
    private long waitingAt;
    private long end;
    private long lastDuration;

    /** @param number from 1 on */
    Mp4Track(int number, MediaFormat format) {
        this.number = number;
        this.format = format;
        this.lastDuration = scale() / USUAL_PART;
    }

    int number() {
        return number;
    }

    MediaFormat format() {
        return format;
    }

    int scale() {
        return format.isVideo() ? VIDEO_SCALE : AUDIO_SCALE;
    }

    /** The nearest of the track's units. */
    private long units(long micros) {
        return (micros * scale() + SECOND / 2) / SECOND;
    }

    /**
     * The one that waits ends then, if there is one.
     *
     * @return how many bytes the next fragment has more
     */
    int complete(long micros) {
        return waiting == null ? 0 : complete(waiting, Math.max(units(micros) - waitingAt, 1));
    }

    /** The same of what nothing follows. */
    int completeLast() {
        return waiting == null ? 0 : complete(waiting, Math.min(lastDuration, scale() / LONGEST_PART));
    }

    private int complete(byte[] data, long duration) {
        lastDuration = Math.min(duration, MAX_DURATION);
        if (samples.isEmpty()) {
            begin = waitingAt;
        }
        samples.add(new Sample(data, lastDuration, waitingKey));
        end = waitingAt + lastDuration;
        waiting = null;
        return data.length;
    }

    /** The next one; none waits. */
    void await(long micros, boolean key, byte[] data) {
        waiting = data;
        waitingKey = key;
        waitingMicros = micros;
        waitingAt = Math.max(units(micros), end); // No two at the same time.
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** When the one that waits begins, in µs. */
    long waitingMicros() {
        return waitingMicros;
    }

    /** When the next fragment's first sample begins. */
    long begin() {
        return begin;
    }

    /** When what is complete ends. */
    long end() {
        return end;
    }

    boolean hasSamples() {
        return !samples.isEmpty();
    }

    /** Whether a decoder can start with the next fragment; it has samples. */
    boolean beginsWithKey() {
        return samples.get(0).key();
    }

    /** Those of a fragment, which are in no other one. */
    List<Sample> take() {
        List<Sample> taken = samples;
        samples = new ArrayList<>();
        return taken;
    }
}
