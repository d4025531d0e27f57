package dev.noir.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Ports of {@code java -jar} that are for something.
 *
 * @param health one more port, for health alone
 * @param management one of the HTTP ports, for management alone
 * @param media of the pages, as clients see it, where they can bring media, too
 */
public record PortSettings(OptionalInt health, OptionalInt management, OptionalInt media) {
    /** Empty: health is answered on the other ports alone. */
    static final Setting<OptionalInt> HEALTH = new Setting<>("noir.http.health.port", "", false, Values.noneOrPort());

    /** Counts where it is one of the HTTP ports, and neither the first, which is for clients, nor the last, for people. */
    static final Setting<OptionalInt> MANAGEMENT =
            new Setting<>("noir.http.management.port", "7001", false, Values.wordNoneOrPort());

    static final List<Setting<?>> ALL = List.of(HEALTH, MANAGEMENT);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<PortSettings> load(NoirConfig.Reader reader, List<Integer> httpPorts) {
        Optional<OptionalInt> health = reader.read(HEALTH);
        Optional<OptionalInt> management = reader.read(MANAGEMENT);
        Optional<OptionalInt> media = reader.read(Settings.HTTP_MEDIA_PORT);
        return health.isEmpty() || management.isEmpty() || media.isEmpty()
                ? Optional.empty()
                : Optional.of(new PortSettings(
                        health.get(), between(httpPorts, management.get()), portOrFirst(media.get(), httpPorts)));
    }

    /** None when the first one is not known yet. */
    private static OptionalInt portOrFirst(OptionalInt port, List<Integer> ports) {
        int number = port.isPresent() && port.getAsInt() == 0 && !ports.isEmpty() ? ports.get(0) : port.orElse(0);
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static OptionalInt between(List<Integer> ports, OptionalInt port) {
        boolean counts = port.isPresent()
                && ports.size() > 2
                && ports.subList(1, ports.size() - 1).contains(port.getAsInt());
        return counts ? port : OptionalInt.empty();
    }
}
