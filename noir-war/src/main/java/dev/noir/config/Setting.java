package dev.noir.config;

import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One key. Adding a setting takes: a line in {@link Settings}, a component of {@link NoirConfig}, and its documentation
 * in {@code config/microprofile-config.properties} (a test compares them).
 *
 * @param defaultText the default as one would write it in a properties file; empty is a value, too
 * @param secret printed as asterisks; so are user and password of any URL
 * @param parser throws {@link IllegalArgumentException} whose message completes "noir.x.y: 'text' …"
 */
record Setting<T>(String key, String defaultText, boolean secret, Function<String, T> parser) {

    // Up to the last @: whoever forgot to encode one in his password does not find it in the log either.
    private static final Pattern USER_INFO = Pattern.compile("://.*@");
    private static final Pattern PASSWORD_OPTION = Pattern.compile("password=[^&]*");

    String printed(String text) {
        if (secret) {
            return text.isEmpty() ? "" : "***";
        }
        String masked = USER_INFO.matcher(text).replaceAll("://***@");
        return PASSWORD_OPTION.matcher(masked).replaceAll("password=***");
    }
}
