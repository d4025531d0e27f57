package dev.noir.boot;

import dev.noir.auth.KeySources;
import dev.noir.auth.TokenKeys;
import dev.noir.auth.TokenRules;
import dev.noir.auth.TokenVerifier;
import dev.noir.config.AuthSettings;
import dev.noir.room.Scheduler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What verifies tokens, made of the settings; a class of its own, so that the library is not loaded where none are taken. */
final class TokenParts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TokenParts.class.getName());

    private static final Pattern URL = Pattern.compile("https?://.+", Pattern.CASE_INSENSITIVE);

    // RFC 7518 §3.2: as many bytes as the hash has, or more. The limit is for who names the wrong file.
    private static final int MIN_SECRET = 32;
    private static final int MAX_SECRET = 4096;

    private final TokenKeys keys;
    private final TokenVerifier verifier;

    private TokenParts(TokenKeys keys, TokenVerifier verifier) {
        this.keys = keys;
        this.verifier = verifier;
    }

    /** @throws IllegalArgumentException a setting is wrong, which it names */
    static TokenParts start(AuthSettings settings, Clock clock, Scheduler scheduler, ThreadFactory threads) {
        TokenKeys keys = keys(settings, scheduler, threads);
        return new TokenParts(keys, new TokenVerifier(rules(settings), keys, clock));
    }

    private static TokenRules rules(AuthSettings settings) {
        if (settings.jwtIssuer().isEmpty() || settings.jwtAudience().isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "noir.auth.jwt.issuer or noir.auth.jwt.audience is empty: tokens that were made for others are taken, too");
        }
        return new TokenRules(
                settings.jwtIssuer(),
                settings.jwtAudience(),
                settings.jwtRolesClaim(),
                settings.jwtPrincipalClaim(),
                settings.jwtClockSkew());
    }

    private static TokenKeys keys(AuthSettings settings, Scheduler scheduler, ThreadFactory threads) {
        String where = settings.jwtKeys();
        boolean remote = URL.matcher(where).matches();
        byte[] secret = secret(settings.jwtSecretFile());
        try {
            TokenKeys.Source source = null;
            if (remote) {
                source = KeySources.url(URI.create(where), scheduler);
            } else if (!where.isEmpty()) {
                source = KeySources.file(Path.of(where));
            }
            if (where.toLowerCase(Locale.ROOT).startsWith("http:")) {
                LOG.log(Level.WARNING, "noir.auth.jwt.keys is no https: who is between can make tokens that are taken");
            }
            // A thread of its own for each reading: it may wait for seconds, and some servers have few for their tasks.
            TokenKeys made = new TokenKeys(
                    source, secret, scheduler, task -> threads.newThread(task).start());
            made.start(!remote);
            return made;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("noir.auth.jwt.keys cannot be used: " + e.getMessage(), e);
        }
    }

    private static byte @Nullable [] secret(String file) {
        if (file.isEmpty()) {
            return null;
        }
        try {
            Path path = Path.of(file);
            byte[] secret = Files.size(path) > MAX_SECRET
                    ? new byte[0]
                    : Files.readString(path).strip().getBytes(StandardCharsets.UTF_8);
            if (secret.length < MIN_SECRET) {
                throw new IllegalArgumentException("it must have " + MIN_SECRET + " to " + MAX_SECRET + " bytes");
            }
            return secret;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("noir.auth.jwt.secret-file cannot be used: " + e.getMessage(), e);
        }
    }

    TokenVerifier verifier() {
        return verifier;
    }

    @Override
    public void close() {
        keys.close();
    }
}
