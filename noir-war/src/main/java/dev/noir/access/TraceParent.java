package dev.noir.access;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands among all that happens for the same reason: what the header {@code traceparent} says (W3C Trace Context,
 * §3.2), looked at. Immutable.
 *
 * @param text as version 00 writes it; empty: it stands alone
 */
public record TraceParent(String text) {
    /** It stands alone. */
    public static final TraceParent NONE = new TraceParent("");

    private static final int LENGTH = 55; // Of version 00; later ones may add to it.
    private static final int VERSION_LENGTH = 2;
    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    public TraceParent {
        if (!text.isEmpty() && !(text.startsWith("00-") && FORM.matcher(text).matches())) {
            throw new IllegalArgumentException("not what a traceparent looks like");
        }
    }

    /** What a stranger has sent; whatever is wrong with it, it is as if it were not there. */
    public static TraceParent of(@Nullable String header) {
        if (header == null || header.length() < LENGTH) {
            return NONE;
        }
        String known = header.substring(0, LENGTH);
        boolean first = known.startsWith("00");
        boolean ends = header.length() == LENGTH || (!first && header.charAt(LENGTH) == '-');
        if (!ends || known.startsWith("ff") || !FORM.matcher(known).matches()) {
            return NONE;
        }
        return new TraceParent("00" + known.substring(VERSION_LENGTH));
    }

    public boolean isGiven() {
        return !text.isEmpty();
    }
}
