package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * Who may administrate, and where.
 *
 * @param token who sends it may; empty: nobody
 * @param redis requests in Redis are taken
 */
public record AdminSettings(String token, boolean redis) {
    static final Setting<String> TOKEN = new Setting<>("noir.admin.token", "", true, Values.token());
    static final Setting<Boolean> REDIS = new Setting<>(
            "noir.admin.redis", "false", false, Values.oneOf("true", "false").andThen(Boolean::valueOf));

    static final List<Setting<?>> ALL = List.of(TOKEN, REDIS);

    static Optional<AdminSettings> load(NoirConfig.Reader reader) {
        Optional<String> token = reader.read(TOKEN);
        Optional<Boolean> redis = reader.read(REDIS);
        return token.isEmpty() || redis.isEmpty()
                ? Optional.empty()
                : Optional.of(new AdminSettings(token.get(), redis.get()));
    }
}
