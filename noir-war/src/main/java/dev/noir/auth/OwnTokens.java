package dev.noir.auth;

import dev.noir.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Tokens that this node gives to programs of its own, to join rooms with: random, good at this node for a minute, written down nowhere.
 * Thread: any.
 */
public final class OwnTokens {
    static final Duration GOOD_FOR = Duration.ofMinutes(1);
    /** More are not needed at once: then the oldest counts no more. */
    static final int MAX_TOKENS = 1000;

    private static final String PREFIX = "noir-own-";
    private static final int LONGS = 4; // 256 bits.

    private record Given(String principal, Set<String> roles, Caller.Means means, long end) {}

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    // By what has been made of them, so that how long a look takes says nothing of them. Guarded by itself; the oldest
    // first.
    private final Map<String, Given> given = new LinkedHashMap<>();

    /** @param random that nobody can guess */
    public OwnTokens(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Whoever shows it is that principal, in these roles. */
    public String give(String principal, Set<String> roles) {
        return give(principal, roles, Caller.Means.TOKEN);
    }

    /** Whoever shows it is that principal, in no role, and attends lobbies. */
    public String giveAttendant(String principal) {
        return give(principal, Set.of(), Caller.Means.ATTENDANT);
    }

    private String give(String principal, Set<String> roles, Caller.Means means) {
        StringBuilder token = new StringBuilder(PREFIX);
        for (int i = 0; i < LONGS; i++) {
            token.append(Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX));
        }
        long now = nanoTime.getAsLong();
        synchronized (given) { // For a moment.
            given.values().removeIf(old -> now - old.end() >= 0);
            if (given.size() >= MAX_TOKENS) {
                given.remove(given.keySet().iterator().next());
            }
            given.put(
                    digest(token.toString()), new Given(principal, Set.copyOf(roles), means, now + GOOD_FOR.toNanos()));
        }
        return token.toString();
    }

    /** Whether it can only have been made by some node, whether or not it is still good, or was ever good here. */
    static boolean isOurs(String token) {
        return token.startsWith(PREFIX);
    }

    /** Empty: it is none of ours, or too old. */
    Optional<Caller> caller(String token, String address) {
        if (!isOurs(token)) {
            return Optional.empty();
        }
        synchronized (given) { // For a look.
            Given known = given.get(digest(token));
            return known == null || nanoTime.getAsLong() - known.end() >= 0
                    ? Optional.empty()
                    : Optional.of(new Caller(known.principal(), known.roles(), known.means(), address));
        }
    }

    private static String digest(String token) {
        try {
            byte[] octets = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
