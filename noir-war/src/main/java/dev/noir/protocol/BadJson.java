package dev.noir.protocol;

/** A member is missing, of the wrong type or out of bounds; the message says which, and may be shown to who sent it. */
public final class BadJson extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadJson(String message) {
        super(message);
    }
}
