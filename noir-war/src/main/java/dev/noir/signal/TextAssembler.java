package dev.noir.signal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts partial text frames together and counts, since WildFly and Open Liberty do not enforce a message limit. Not
 * thread-safe: one per socket, used on its reading thread.
 */
final class TextAssembler {
    // State.
    private @Nullable StringBuilder parts; // Of a message under way: most sockets are silent most of the time.
    private boolean overflowed;

    /** The whole message once its last part has come. */
    Optional<String> add(String part, boolean last, int maxChars) {
        int before = parts == null ? 0 : parts.length();
        if (overflowed || before + part.length() > maxChars) {
            overflowed = true;
            parts = null;
            return Optional.empty();
        }
        if (last && parts == null) {
            return Optional.of(part);
        }
        if (parts == null) {
            parts = new StringBuilder();
        }
        parts.append(part);
        if (!last) {
            return Optional.empty();
        }
        String whole = parts.toString();
        parts = null;
        return Optional.of(whole);
    }

    /** The limit has been passed; nothing is accepted any more. */
    boolean overflowed() {
        return overflowed;
    }
}
