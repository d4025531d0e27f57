package dev.noir.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may administrate: whoever knows the token of {@code noir.admin.token}. Thread: any. */
public final class AdminToken {
    /** What is to be done with a request. */
    enum Verdict {
        /** There is no token: nobody may. */
        DISABLED,
        DENIED,
        /** It is known who asks, and he may not. */
        FORBIDDEN,
        GRANTED
    }

    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    /** @param token empty: nobody may */
    public AdminToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** @param authorization the header (RFC 6750 §2.1), or null when there is none */
    Verdict check(@Nullable String authorization) {
        if (token.length == 0) {
            return Verdict.DISABLED;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Verdict.DENIED;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // The time it takes tells nothing about where they differ.
        return MessageDigest.isEqual(token, given) ? Verdict.GRANTED : Verdict.DENIED;
    }
}
