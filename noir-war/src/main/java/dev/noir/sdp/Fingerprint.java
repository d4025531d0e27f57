package dev.noir.sdp;

import java.util.HexFormat;
import java.util.Locale;

/**
 * SHA-256 of a DTLS certificate, as RFC 8122 §5 writes it.
 *
 * @param value 32 upper-case hexadecimal pairs with colons
 */
public record Fingerprint(String value) implements Comparable<Fingerprint> {
    private static final int SHA256_BYTES = 32;
    private static final int SHA256_CHARS = SHA256_BYTES * 3 - 1;

    public Fingerprint {
        value = value.toUpperCase(Locale.ROOT);
        if (value.length() != SHA256_CHARS || decode(value).length != SHA256_BYTES) {
            throw new SdpException("the sha-256 fingerprint is not 32 hexadecimal pairs");
        }
    }

    public static Fingerprint ofSha256(byte[] sha256) {
        return new Fingerprint(HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256));
    }

    /** The 32 bytes. */
    public byte[] sha256() {
        return decode(value);
    }

    @Override
    public int compareTo(Fingerprint other) {
        return value.compareTo(other.value);
    }

    private static byte[] decode(String value) {
        try {
            return HexFormat.ofDelimiter(":").parseHex(value);
        } catch (IllegalArgumentException e) {
            throw new SdpException("the sha-256 fingerprint is not 32 hexadecimal pairs");
        }
    }
}
