package dev.noir.playing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a file calls things, for people to read. Thread: any. */
final class Printable {
    private static final int MAX_CHARS = 40;

    private Printable() {}

    /** A name in four bytes. */
    static String fourCharacters(int name) {
        return text(ByteBuffer.allocate(Integer.BYTES).putInt(name).array());
    }

    /** Short, and of visible ASCII alone. */
    static String text(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, MAX_CHARS), StandardCharsets.ISO_8859_1);
        StringBuilder visible = new StringBuilder();
        text.chars().takeWhile(c -> c != 0).forEach(c -> visible.append(c > ' ' && c < 0x7F ? (char) c : '?'));
        return visible.toString();
    }

    /** What somebody has asked for. */
    static String name(String name) {
        StringBuilder visible = new StringBuilder();
        name.codePoints()
                .limit(MAX_CHARS)
                .forEach(c -> visible.appendCodePoint(Character.isISOControl(c) || c > Character.MAX_VALUE ? '?' : c));
        return visible.toString();
    }
}
