package dev.noir.config;

import java.util.List;

/** Every setting that cannot be used, each with the reason, in words for the administrator. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ConfigException(List<String> problems) {
        super("noiR cannot start with these settings:\n  " + String.join("\n  ", problems));
    }
}
