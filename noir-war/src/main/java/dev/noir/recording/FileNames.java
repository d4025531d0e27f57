package dev.noir.recording;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of files for names that people and programs have chosen. Thread: any. */
final class FileNames {
    private static final int MAX_CHARS = 80;
    private static final int HASH_BYTES = 8;

    private FileNames() {}

    /**
     * A name that is safe on any file system, the same for the same name, and another for another: what is not a letter, digit, dot or
     * dash of ASCII stands as its UTF-8 in hexadecimal, each byte after an underscore; what would be too long ends with a hash.
     */
    static String of(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || (b == '.' && !safe.isEmpty());
            if (plain) {
                safe.append((char) b);
            } else {
                safe.append('_').append(HexFormat.of().toHexDigits(b));
            }
        }
        if (safe.length() > MAX_CHARS) {
            safe.setLength(MAX_CHARS - 2 * HASH_BYTES - 1);
            safe.append('~').append(hash(name));
        }
        return safe.toString();
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
