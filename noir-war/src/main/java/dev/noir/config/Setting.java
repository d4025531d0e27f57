package dev.noir.config;

import java.util.function.Function;

/**
 * One key. Adding a setting takes: a line in {@link Settings}, a component of {@link NoirConfig}, and its documentation
 * in {@code config/microprofile-config.properties} (a test compares them).
 *
 * @param defaultText the default as one would write it in a properties file; empty is a value, too
 * @param secret printed as asterisks
 * @param parser throws {@link IllegalArgumentException} whose message completes "noir.x.y: 'text' …"
 */
record Setting<T>(String key, String defaultText, boolean secret, Function<String, T> parser) {

    String printed(String text) {
        return secret && !text.isEmpty() ? "***" : text;
    }
}
