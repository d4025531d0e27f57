package dev.noir.access;

/**
 * Text from outside that can be shown in one line of a log or of a page without making it say something else. Not plain are control
 * characters, line and paragraph separators, marks that change the direction of what follows (Unicode TR 36 §3.2), and halves of
 * surrogate pairs.
 */
public final class PlainText {
    private static final int MAX_LENGTH = 1000;
    private static final int REPLACEMENT = 0xFFFD;

    private PlainText() {}

    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    private static boolean isPlain(int c) {
        boolean separatesLines = c == 0x2028 || c == 0x2029;
        boolean directs = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean halfPair = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !Character.isISOControl(c) && !separatesLines && !directs && !halfPair;
    }

    /** For the log: what is not plain is replaced, and what is too long cut. */
    public static String of(String text) {
        String bounded = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
        if (isPlain(bounded)) {
            return bounded;
        }
        return bounded.codePoints()
                .map(c -> isPlain(c) ? c : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
