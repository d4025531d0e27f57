package dev.noir.auth;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** When a token that somebody else has verified says that it expires. */
final class TokenExpiry {
    private static final double YEAR_9999 = 253_370_764_800.0;

    private TokenExpiry() {}

    /** Empty for what is no JWT, or does not say. For tokens alone that the server knows their bearer by: of others, it is a stranger's word. */
    static Optional<Instant> claimed(String token) {
        String[] parts = token.split("\\.", 4);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            try (JsonReader reader = Json.createReader(new StringReader(claims))) {
                return reader.readObject().get("exp") instanceof JsonNumber seconds
                        ? instant(seconds.doubleValue())
                        : Optional.empty();
            }
        } catch (IllegalArgumentException | JsonException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(double seconds) {
        return seconds > 0 && seconds < YEAR_9999
                ? Optional.of(Instant.ofEpochSecond((long) seconds))
                : Optional.empty();
    }
}
