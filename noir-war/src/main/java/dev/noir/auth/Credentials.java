package dev.noir.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request says about its sender, not yet believed. Never printed. */
sealed interface Credentials {
    /** Longer ones are not looked at. */
    int MAX_LENGTH = 16 * 1024;

    /** Nothing, or something that is the server's business alone. */
    record None() implements Credentials {}

    /** RFC 7617. */
    record Basic(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Basic";
        }
    }

    /** RFC 6750 §2.1 and §2.3. */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /**
     * They cannot be read.
     *
     * @param token whether they are to be a token
     */
    record Malformed(boolean token) implements Credentials {}

    /**
     * The header, or else the token in the address, which browsers need: they let pages set no headers of a WebSocket.
     *
     * @param inAddress whether a token may stand there at all
     */
    static Credentials of(HttpServletRequest request, boolean inAddress) {
        String header = request.getHeader("Authorization");
        if (header != null) {
            return ofHeader(header.strip());
        }
        String token = inAddress ? request.getParameter("access_token") : null;
        return token == null ? new None() : bearer(token);
    }

    /** Of a header that came later: clients of ion give their token as it is. */
    static Credentials later(String header) {
        String text = header.strip();
        return text.isEmpty() || text.indexOf(' ') >= 0 ? ofHeader(text) : bearer(text);
    }

    private static Credentials ofHeader(String header) {
        String lower = header.substring(0, Math.min(header.length(), 7)).toLowerCase(Locale.ROOT);
        if (lower.equals("bearer")) {
            return new Malformed(true);
        }
        if (lower.startsWith("bearer ")) {
            return bearer(header.substring(7).strip());
        }
        if (lower.startsWith("basic ")) {
            return basic(header.substring(6).strip());
        }
        return new None();
    }

    private static Credentials bearer(String token) {
        return token.isEmpty() || token.length() > MAX_LENGTH ? new Malformed(true) : new Bearer(token);
    }

    private static Credentials basic(String encoded) {
        if (encoded.length() > MAX_LENGTH) {
            return new Malformed(false);
        }
        String pair = decoded(encoded);
        int colon = pair == null ? -1 : pair.indexOf(':');
        if (pair == null || colon < 0) {
            return new Malformed(false);
        }
        return new Basic(pair.substring(0, colon), pair.substring(colon + 1));
    }

    private static @Nullable String decoded(String encoded) {
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
