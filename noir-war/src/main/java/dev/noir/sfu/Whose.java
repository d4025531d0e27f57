package dev.noir.sfu;

/**
 * Whose something of the media plane's is, for people who read what became of it.
 *
 * @param room its name
 * @param peer its name there
 */
public record Whose(String room, String peer) {
    /** What is not known any more. */
    static final Whose UNKNOWN = new Whose("", "");
}
