package dev.noir.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * By which the receiver knows that a message is ours: the header {@code webhook-signature} of Standard Webhooks, version 1
 * (HMAC-SHA256), once for each secret, so that a secret can be replaced without a message lost. Thread: any.
 */
public final class Signature {
    /** As secrets are written down: this, and then Base64. */
    private static final String PREFIX = "whsec_";

    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys = new ArrayList<>();

    /** @param secrets {@code whsec_} and 24 to 64 bytes in Base64, the newest first */
    public Signature(List<String> secrets) {
        for (String secret : secrets) {
            String base64 = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
            keys.add(new SecretKeySpec(Base64.getDecoder().decode(base64), ALGORITHM));
        }
    }

    /** Separated by spaces. */
    String of(String id, long timestampSeconds, String body) {
        byte[] content = (id + "." + timestampSeconds + "." + body).getBytes(StandardCharsets.UTF_8);
        List<String> signatures = new ArrayList<>();
        for (SecretKeySpec key : keys) {
            signatures.add("v1," + Base64.getEncoder().encodeToString(mac(key, content)));
        }
        return String.join(" ", signatures);
    }

    private static byte[] mac(SecretKeySpec key, byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "Signature by " + keys.size() + " secrets";
    }
}
