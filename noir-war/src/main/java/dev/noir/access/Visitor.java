package dev.noir.access;

import org.jspecify.annotations.Nullable;

/**
 * What a request has brought with it, found before anything is done for it. Request attribute {@link #ATTRIBUTE}. Immutable.
 *
 * @param caller who sent it
 * @param password for a room, if it had one; never printed
 * @param standing how long that is good
 * @param trace where the request stands among what happens for the same reason
 */
public record Visitor(Caller caller, Password password, Standing standing, TraceParent trace) {
    public static final String ATTRIBUTE = "dev.noir.visitor";

    /** Of whom nothing is known. */
    public static final Visitor STRANGER = new Visitor(Caller.ANONYMOUS, Password.NONE, Standing.LASTING);

    public Visitor(Caller caller, Password password, Standing standing) {
        this(caller, password, standing, TraceParent.NONE);
    }

    /** The same at another place in a trace. */
    public Visitor at(TraceParent place) {
        return new Visitor(caller, password, standing, place);
    }

    /** @param attribute a request's {@link #ATTRIBUTE}; whatever else it is, nothing is known */
    public static Visitor of(@Nullable Object attribute) {
        return attribute instanceof Visitor known ? known : STRANGER;
    }
}
