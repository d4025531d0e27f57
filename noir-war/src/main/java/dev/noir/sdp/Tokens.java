package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;

/** Reading of fields without regular expressions: everything here is linear in its input. */
final class Tokens {
    private static final int MAX_QUOTED_CHARS = 24;

    private Tokens() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** RFC 8866 §9 token-char. */
    static boolean isTokenChar(char c) {
        return c > 0x20 && c < 0x7F && "\"(),/:;<=>?@[\\]".indexOf(c) < 0;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Splits at every run of {@code separator}; no empty fields. */
    static List<String> split(String text, char separator, int maxFields, String what) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(separator, start);
            end = end < 0 ? text.length() : end;
            if (end > start) {
                if (fields.size() == maxFields) {
                    throw new SdpException(what + " has more than " + maxFields + " fields");
                }
                fields.add(text.substring(start, end));
            }
            start = end + 1;
        }
        return fields;
    }

    /** The text before the first {@code separator}, or all of it. */
    static String before(String text, char separator) {
        int end = text.indexOf(separator);
        return end < 0 ? text : text.substring(0, end);
    }

    /** The text after the first {@code separator}, or nothing. */
    static String after(String text, char separator) {
        int end = text.indexOf(separator);
        return end < 0 ? "" : text.substring(end + 1);
    }

    /** A decimal number from 0 to {@code max}, which is at most 32 bits; no sign, no blanks. */
    static long number(String text, long max, String what) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            value = value * 10 + (c - '0');
            if (!isDigit(c) || value > max) {
                throw new SdpException(what + " is not a number up to " + max + ": " + quote(text));
            }
        }
        if (text.isEmpty()) {
            throw new SdpException(what + " is missing");
        }
        return value;
    }

    /** As {@link #number}, or -1 where a broken attribute is to be ignored. */
    static long numberOrNegative(String text, long max) {
        try {
            return number(text, max, "number");
        } catch (SdpException e) {
            return -1;
        }
    }

    /** A short, harmless excerpt for an error message. */
    static String quote(String text) {
        StringBuilder excerpt = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), MAX_QUOTED_CHARS); i++) {
            char c = text.charAt(i);
            excerpt.append(c >= 0x20 && c < 0x7F ? c : '?');
        }
        return excerpt.append(text.length() > MAX_QUOTED_CHARS ? "…\"" : "\"").toString();
    }
}
