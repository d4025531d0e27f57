package dev.noir.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What somebody who is sent to another room shows at its door, in the place of a password: whoever has sent him may open that door.
 * It holds under one name in one room, for whoever is who he was. Nodes that have the same key read each other's. Thread: any.
 */
public final class Invitations {
    /** A day's work: who has lost his line comes back by it. */
    static final Duration LASTS = Duration.ofHours(12);

    private static final String MARK = "noir-invitation:";
    private static final String MAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final InstantSource clock;

    /** @param key not empty */
    public Invitations(byte[] key, InstantSource clock) {
        this.key = new SecretKeySpec(key, MAC);
        this.clock = clock;
    }

    /**
     * Those of a cluster.
     *
     * @param secret that its nodes share; empty: none but this node reads what it has written
     */
    public static Invitations of(String secret, SecureRandom random, InstantSource clock) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        if (key.length == 0) {
            key = new byte[KEY_BYTES];
            random.nextBytes(key);
        }
        return new Invitations(key, clock);
    }

    /**
     * One for somebody.
     *
     * @param room where to
     * @param uid his name there
     * @param principal who he is; empty: nobody knows
     */
    public Password write(String room, String uid, String principal) {
        Instant until = clock.instant().plus(LASTS);
        return new Password(MARK + text(until.getEpochSecond(), room, uid, principal));
    }

    /** Whether it is one of ours, for him, and still good. */
    public boolean isGood(Password shown, String room, String uid, String principal) {
        return until(shown)
                .filter(until -> clock.instant().getEpochSecond() < until)
                .map(until -> MARK + text(until, room, uid, principal))
                .filter(ours -> MessageDigest.isEqual(bytes(ours), bytes(shown.text())))
                .isPresent();
    }

    private static Optional<Long> until(Password shown) {
        String text = shown.text();
        int end = text.indexOf('.');
        if (!shown.isGiven() || !text.startsWith(MARK) || end < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text.substring(MARK.length(), end), Character.MAX_RADIX));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private String text(long until, String room, String uid, String principal) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (String part : new String[] {MARK, Long.toString(until), room, uid, principal}) {
                byte[] octets = bytes(part);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(octets.length).array());
                mac.update(octets);
            }
            String seal = Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
            return Long.toString(until, Character.MAX_RADIX) + "." + seal;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no HMAC with SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
