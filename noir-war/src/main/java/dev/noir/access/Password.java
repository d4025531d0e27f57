package dev.noir.access;

/**
 * A password as somebody typed it. Never printed, and never sent to another node.
 *
 * @param text empty: none was given
 */
public record Password(String text) {
    public static final Password NONE = new Password("");

    /** In characters; more is not looked at. */
    public static final int MAX_LENGTH = 256;

    public boolean isGiven() {
        return !text.isEmpty() && text.length() <= MAX_LENGTH;
    }

    @Override
    public String toString() {
        return text.isEmpty() ? "none" : "***";
    }
}
