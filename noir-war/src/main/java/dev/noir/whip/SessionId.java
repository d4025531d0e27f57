package dev.noir.whip;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a session is called in its address. Whoever knows it may end the session, so it is as long as a key.
 *
 * @param node the one that has the session
 * @param secret 128 random bits
 */
record SessionId(String node, String secret) {
    private static final int SECRET_BYTES = 16;
    private static final int SECRET_CHARS = 22;
    private static final int MAX_CHARS = 512;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** @param random a cryptographic one outside tests */
    static SessionId generate(String node, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new SessionId(node, ENCODER.encodeToString(secret));
    }

    /** As it stands in an address; empty: none of ours can be called so. */
    static Optional<SessionId> parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() > MAX_CHARS || text.length() - dot - 1 != SECRET_CHARS) {
            return Optional.empty();
        }
        try {
            ByteBuffer node = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(0, dot)));
            String name = StandardCharsets.UTF_8.newDecoder().decode(node).toString();
            return Optional.of(new SessionId(name, text.substring(dot + 1)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** As it stands in an address. Never logged. */
    String text() {
        return ENCODER.encodeToString(node.getBytes(StandardCharsets.UTF_8)) + "." + secret;
    }

    @Override
    public String toString() {
        return "a session of " + node;
    }
}
