package dev.noir.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 with HMAC-SHA-512 (RFC 8018 §5.2), as text {@code pbkdf2$sha512$iterations$salt$hash}
 * with salt and hash in Base64 without padding. Immutable. ADR 19 says why not Argon2.
 */
public final class PasswordHash {
    /** What OWASP asks of PBKDF2 with SHA-512; about 0.1 s of one core. */
    static final int ITERATIONS = 210_000;

    // A hash is data from a file or from Redis: it must not be able to keep a core busy for minutes.
    private static final int MAX_ITERATIONS = 2_000_000;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 64;
    private static final int MAX_TEXT_LENGTH = 256;
    private static final String PREFIX = "pbkdf2$sha512$";
    private static final Pattern DOLLAR = Pattern.compile("\\$");

    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash) {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Of a new password. Takes its time. */
    public static PasswordHash of(Password password, SecureRandom random) {
        if (!password.isGiven()) {
            throw new IllegalArgumentException("a password has 1 to " + Password.MAX_LENGTH + " characters");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
    }

    /** Throws {@link IllegalArgumentException} whose message completes "the value …" and does not repeat it. */
    public static PasswordHash parse(String text) {
        String[] parts = text.length() > MAX_TEXT_LENGTH ? new String[0] : DOLLAR.split(text, -1);
        if (!text.startsWith(PREFIX) || parts.length != 5) {
            throw new IllegalArgumentException(
                    "is not the hash of a password (pbkdf2$sha512$…); java -jar noir.war password makes one");
        }
        return new PasswordHash(
                iterations(parts[2]), bytes(parts[3], SALT_BYTES, "salt"), bytes(parts[4], HASH_BYTES, "hash"));
    }

    private static int iterations(String text) {
        int count;
        try {
            count = text.startsWith("+") ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            count = -1;
        }
        if (count < ITERATIONS || count > MAX_ITERATIONS) {
            throw new IllegalArgumentException("has not " + ITERATIONS + " to " + MAX_ITERATIONS + " iterations");
        }
        return count;
    }

    private static byte[] bytes(String text, int length, String what) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a " + what + " that is not Base64", e);
        }
        throw new IllegalArgumentException("has a " + what + " of other than " + length + " bytes");
    }

    /** Takes a tenth of a second of computing, however wrong the password is. */
    public boolean matches(Password password) {
        return password.isGiven() && MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(Password password, byte[] salt, int iterations) {
        char[] text = password.text().toCharArray();
        PBEKeySpec spec = new PBEKeySpec(text, salt, iterations, HASH_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no PBKDF2 with HMAC-SHA-512", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(text, '\0');
        }
    }

    /** As it is written into files. */
    public String encoded() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return PREFIX + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    private byte[] bytes() {
        return encoded().getBytes(StandardCharsets.US_ASCII);
    }

    /** Does not print the hash, with which one could try passwords at leisure. */
    @Override
    public String toString() {
        return "***";
    }
}
