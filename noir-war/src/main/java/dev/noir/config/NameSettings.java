package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * Which names people have in rooms.
 *
 * @param rule of who is logged in: {@code free}, {@code principal}, {@code prefix}
 * @param taken who is anonymous and wants the name of somebody anonymous: {@code replace}, {@code secret}, {@code refuse}
 */
public record NameSettings(String rule, String taken) {
    static final Setting<String> RULE =
            new Setting<>("noir.auth.uid", "free", false, Values.oneOf("free", "principal", "prefix"));

    static final Setting<String> TAKEN =
            new Setting<>("noir.auth.uid-taken", "replace", false, Values.oneOf("replace", "secret", "refuse"));

    static final List<Setting<?>> ALL = List.of(RULE, TAKEN);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<NameSettings> load(NoirConfig.Reader reader) {
        Optional<String> rule = reader.read(RULE);
        Optional<String> taken = reader.read(TAKEN);
        return rule.flatMap(one -> taken.map(other -> new NameSettings(one, other)));
    }
}
