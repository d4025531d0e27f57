package dev.noir.protocol;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * Text that can be sent: JSON can name half of a surrogate pair, which has no UTF-8, and a socket that is to send it fails.
 * Thread: any.
 */
public final class Utf16 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf16() {}

    /** Of every string and name in it. */
    public static boolean isWellFormed(JsonValue value) {
        if (value instanceof JsonString string) {
            return isWellFormed(string.getString());
        } else if (value instanceof JsonArray array) {
            return array.stream().allMatch(Utf16::isWellFormed);
        } else if (value instanceof JsonObject object) {
            return object.entrySet().stream()
                    .allMatch(member -> isWellFormed(member.getKey()) && isWellFormed(member.getValue()));
        }
        return true;
    }

    public static boolean isWellFormed(String text) {
        return firstHalf(text, 0) < 0;
    }

    /** The same, or with a mark in the place of each half. */
    public static String repaired(String text) {
        int half = firstHalf(text, 0);
        if (half < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text);
        for (; half >= 0; half = firstHalf(text, half + 1)) {
            repaired.setCharAt(half, REPLACEMENT);
        }
        return repaired.toString();
    }

    /** Index of the first half that stands alone; -1 when there is none. */
    private static int firstHalf(String text, int from) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i += 2;
            } else if (Character.isSurrogate(c)) {
                return i;
            } else {
                i++;
            }
        }
        return -1;
    }
}
