package dev.noir.bus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The secret of a cluster as a key for HMAC-SHA256 (RFC 2104): signs what nodes write where others can write, too, and tells
 * what has been signed. Without a secret nothing is signed, and everything believed. Thread: any.
 */
public final class ClusterKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final @Nullable SecretKeySpec key;

    /** @param secret shared by all nodes; empty: there is none */
    public ClusterKey(String secret) {
        this.key = secret.isEmpty() ? null : new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Whether there is a secret. */
    public boolean signs() {
        return key != null;
    }

    /**
     * In hexadecimal digits; empty without a secret.
     *
     * @param values the first says what kind of thing they are, so that one is not taken for another
     */
    public String sign(List<String> values) {
        return key == null ? "" : HexFormat.of().formatHex(mac(key, values));
    }

    /** The same of bytes. */
    public String sign(String kind, byte[] message) {
        return key == null ? "" : HexFormat.of().formatHex(mac(key, kind, message));
    }

    /** Whether somebody who knows the secret has signed these bytes as something of this kind. */
    public boolean isGenuine(String claimed, String kind, byte[] message) {
        return key == null || isEqual(claimed, mac(key, kind, message));
    }

    /** Whether a node of the cluster has signed these values. */
    public boolean isGenuine(String claimed, List<String> values) {
        return key == null || isEqual(claimed, mac(key, values));
    }

    private static boolean isEqual(String claimed, byte[] mac) {
        byte[] claimedBytes;
        try {
            claimedBytes = HexFormat.of().parseHex(claimed);
        } catch (IllegalArgumentException e) {
            return false;
        }
        // Takes as long wherever the first difference is.
        return MessageDigest.isEqual(mac, claimedBytes);
    }

    private static byte[] mac(SecretKeySpec key, List<String> values) {
        Mac mac = begun(key);
        values.forEach(value -> add(mac, value.getBytes(StandardCharsets.UTF_8)));
        return mac.doFinal();
    }

    private static byte[] mac(SecretKeySpec key, String kind, byte[] message) {
        Mac mac = begun(key);
        add(mac, kind.getBytes(StandardCharsets.UTF_8));
        add(mac, message);
        return mac.doFinal();
    }

    private static Mac begun(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JVM has HmacSHA256.
        }
    }

    /** Lengths first: or the end of one field could be taken for the beginning of the next. */
    private static void add(Mac mac, byte[] bytes) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
    }
}
