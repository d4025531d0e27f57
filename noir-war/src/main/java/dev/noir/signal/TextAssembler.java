package dev.noir.signal;

import java.util.Optional;

/**
 * Puts partial text frames together and counts, since WildFly and Open Liberty do not enforce a message limit. Not
 * thread-safe: one per socket, used on its reading thread.
 */
final class TextAssembler {
    // State.
    private final StringBuilder parts = new StringBuilder();
    private boolean overflowed;

    /** The whole message once its last part has come. */
    Optional<String> add(String part, boolean last, int maxChars) {
        if (overflowed || parts.length() + part.length() > maxChars) {
            overflowed = true;
            parts.setLength(0);
            parts.trimToSize();
            return Optional.empty();
        }
        if (last && parts.isEmpty()) {
            return Optional.of(part);
        }
        parts.append(part);
        if (!last) {
            return Optional.empty();
        }
        String whole = parts.toString();
        parts.setLength(0);
        return Optional.of(whole);
    }

    /** The limit has been passed; nothing is accepted any more. */
    boolean overflowed() {
        return overflowed;
    }
}
