package dev.noir.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Who wants to be told.
 *
 * @param types of events; empty: all
 */
public record Webhook(URI url, Signature signature, Set<String> types) {
    private static final int ID_BYTES = 8;

    public Webhook {
        types = Set.copyOf(types);
    }

    /** For keys in the store and for logs: the URL itself may hold a secret. */
    String id() {
        return HexFormat.of().formatHex(sha256(List.of(url.toString())), 0, ID_BYTES);
    }

    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    static byte[] sha256(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** Without path, query, user and secrets. */
    @Override
    public String toString() {
        return "webhook " + id() + " at " + url.getScheme() + "://" + url.getHost();
    }
}
