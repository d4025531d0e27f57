package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * How it is found out who speaks in a room, and whose audio is sent on.
 *
 * @param interval how often it is decided who speaks, in milliseconds
 * @param threshold a packet of at most that level is loud: -dBov (RFC 6464), 0 loud to 127 silent
 * @param filter the share of an interval's packets that has to be loud for their stream to be active, in percent
 * @param loudest streams of a room whose audio is sent on; 0: all
 */
public record AudioSettings(int interval, int threshold, int filter, int loudest) {
    private static final int DEFAULT_INTERVAL = 1000;
    private static final int TOO_SHORT = 50;

    static final Setting<Integer> INTERVAL = new Setting<>(
            "noir.audio.level.interval",
            String.valueOf(DEFAULT_INTERVAL),
            false,
            Values.wholeNumber(0, 60_000).andThen(AudioSettings::interval));

    static final Setting<Integer> THRESHOLD =
            new Setting<>("noir.audio.level.threshold", "40", false, Values.wholeNumber(0, 127));

    static final Setting<Integer> FILTER =
            new Setting<>("noir.audio.level.filter", "20", false, Values.wholeNumber(0, 100));

    static final Setting<Integer> LOUDEST =
            new Setting<>("noir.audio.loudest", "0", false, Values.wholeNumber(0, 1000));

    static final List<Setting<?>> ALL = List.of(INTERVAL, THRESHOLD, FILTER, LOUDEST);

    /** ion's rules: 0 is the default, and 50 ms hold too few packets to judge by. */
    private static int interval(int milliseconds) {
        if (milliseconds == 0) {
            return DEFAULT_INTERVAL;
        }
        if (milliseconds <= TOO_SHORT) {
            throw new IllegalArgumentException("is too short: more than " + TOO_SHORT + ", or 0 for the default");
        }
        return milliseconds;
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<AudioSettings> load(NoirConfig.Reader reader) {
        Optional<Integer> interval = reader.read(INTERVAL);
        Optional<Integer> threshold = reader.read(THRESHOLD);
        Optional<Integer> filter = reader.read(FILTER);
        Optional<Integer> loudest = reader.read(LOUDEST);
        if (interval.isEmpty() || threshold.isEmpty() || filter.isEmpty() || loudest.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AudioSettings(interval.get(), threshold.get(), filter.get(), loudest.get()));
    }
}
