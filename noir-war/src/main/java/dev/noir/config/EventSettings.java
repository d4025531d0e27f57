package dev.noir.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of what happens in rooms.
 *
 * @param length events of each room; the oldest are forgotten
 * @param keep for how long after a room's last event
 */
public record EventSettings(int length, Duration keep) {
    static final Setting<Integer> LENGTH =
            new Setting<>("noir.events.length", "10000", false, Values.wholeNumber(100, 1_000_000));

    static final Setting<Duration> KEEP =
            new Setting<>("noir.events.keep", "86400", false, Values.seconds(60, 2_592_000));

    static final List<Setting<?>> ALL = List.of(LENGTH, KEEP);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<EventSettings> load(NoirConfig.Reader reader) {
        Optional<Integer> length = reader.read(LENGTH);
        Optional<Duration> keep = reader.read(KEEP);
        return length.isPresent() && keep.isPresent()
                ? Optional.of(new EventSettings(length.get(), keep.get()))
                : Optional.empty();
    }
}
