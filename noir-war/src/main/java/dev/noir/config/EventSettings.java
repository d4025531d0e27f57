package dev.noir.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept of what happens in rooms.
 *
 * @param length events of each room; the oldest are forgotten
 * @param keep for how long after a room's last event
 * @param webhooks who is told of it
 * @param history how far back it is remembered what peers' connections have done; zero: not at all
 */
public record EventSettings(int length, Duration keep, WebhookSettings webhooks, Duration history) {
    static final Setting<Integer> LENGTH =
            new Setting<>("noir.events.length", "10000", false, Values.wholeNumber(100, 1_000_000));

    static final Setting<Duration> KEEP =
            new Setting<>("noir.events.keep", "86400", false, Values.seconds(60, 2_592_000));

    static final Setting<Duration> HISTORY =
            new Setting<>("noir.history.length", "900", false, Values.seconds(0, 3600));

    static final List<Setting<?>> ALL = Stream.concat(Stream.of(LENGTH, KEEP, HISTORY), WebhookSettings.ALL.stream())
            .<Setting<?>>map(setting -> setting)
            .toList();

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<EventSettings> load(NoirConfig.Reader reader) {
        Optional<Integer> length = reader.read(LENGTH);
        Optional<Duration> keep = reader.read(KEEP);
        Optional<WebhookSettings> webhooks = WebhookSettings.load(reader);
        Optional<Duration> history = reader.read(HISTORY);
        return length.isPresent() && keep.isPresent() && webhooks.isPresent() && history.isPresent()
                ? Optional.of(new EventSettings(length.get(), keep.get(), webhooks.get(), history.get()))
                : Optional.empty();
    }
}
