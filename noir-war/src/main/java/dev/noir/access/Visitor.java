package dev.noir.access;

/**
 * What a request has brought with it, found before anything is done for it. Request attribute {@link #ATTRIBUTE}. Immutable.
 *
 * @param caller who sent it
 * @param password for a room, if it had one; never printed
 * @param standing how long that is good
 */
public record Visitor(Caller caller, Password password, Standing standing) {
    public static final String ATTRIBUTE = "dev.noir.visitor";

    /** Of whom nothing is known. */
    public static final Visitor STRANGER = new Visitor(Caller.ANONYMOUS, Password.NONE, Standing.LASTING);
}
