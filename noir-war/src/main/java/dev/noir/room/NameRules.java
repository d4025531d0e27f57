package dev.noir.room;

import dev.noir.access.PlainText;

/** What a stranger may call a room or a peer: anything printable of bounded length. */
final class NameRules {
    static final int MAX_LENGTH = 128;

    private NameRules() {}

    static String check(String what, String value) {
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw new RoomException(RoomException.Code.INVALID, what + " must have 1 to " + MAX_LENGTH + " characters");
        }
        // They would let a name forge log lines, or look like another one.
        if (!PlainText.isPlain(value)) {
            throw new RoomException(
                    RoomException.Code.INVALID, what + " must not hold control characters or marks of direction");
        }
        return value;
    }
}
