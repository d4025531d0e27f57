package dev.noir.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens (RFC 7519) as they come from strangers. The library checks the signature, with the algorithms and keys
 * of {@link TokenKeys} alone: what a token says about its own keys ({@code jwk}, {@code jku}, {@code x5u}) is not looked at. What
 * it claims is checked here. Thread: any; may wait for a new key, see {@link TokenKeys}.
 */
public final class TokenVerifier {
    private static final Logger LOG = System.getLogger(TokenVerifier.class.getName());

    // As peers' names: what is shown to others and written to the log.
    private static final int MAX_NAME_LENGTH = 128;
    private static final int MAX_ROLES = 1000;
    private static final Pattern DOT = Pattern.compile("\\.");

    /**
     * What a token has told.
     *
     * @param name of who it was made for
     * @param roles all it names
     * @param expires it is of no use any more
     */
    record Verified(String name, Set<String> roles, Instant expires) {}

    private final TokenRules rules;
    private final Clock clock;
    private final DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();

    public TokenVerifier(TokenRules rules, TokenKeys keys, Clock clock) {
        this.rules = rules;
        this.clock = clock;
        Set<JWSAlgorithm> algorithms = keys.algorithms();
        signatures.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        // RFC 9068 §2.1: access tokens may say what they are.
        signatures.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        signatures.setJWTClaimsSetVerifier(null);
    }

    Verified verify(String token) throws TokenRefused {
        JWTClaimsSet claims = signed(token);
        checkIssuer(claims);
        Instant expires = checkTimes(claims);
        return new Verified(name(claims), roles(claims), expires);
    }

    private JWTClaimsSet signed(String token) throws TokenRefused {
        try {
            return signatures.process(SignedJWT.parse(token), null);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw refused(e.getClass().getSimpleName(), e);
        } catch (RuntimeException | StackOverflowError e) {
            // The library's parsers have thrown things before that they do not declare.
            throw refused("unexpected", e);
        }
    }

    private void checkIssuer(JWTClaimsSet claims) throws TokenRefused {
        if (!rules.issuer().isEmpty() && !rules.issuer().equals(claims.getIssuer())) {
            throw refused("another issuer", null);
        }
        List<String> audiences = rules.audiences();
        if (!audiences.isEmpty() && claims.getAudience().stream().noneMatch(audiences::contains)) {
            throw refused("another audience", null);
        }
    }

    /** The skew is for an issuer that is ahead of us; an expiry is not put off by it. */
    private Instant checkTimes(JWTClaimsSet claims) throws TokenRefused {
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            throw refused("no expiry", null);
        }
        Instant now = clock.instant();
        if (!now.isBefore(expires.toInstant())) {
            throw new TokenRefused(TokenRefused.EXPIRED);
        }
        Instant latest = now.plus(rules.skew());
        if (isAfter(claims.getNotBeforeTime(), latest) || isAfter(claims.getIssueTime(), latest)) {
            throw refused("not valid yet", null);
        }
        return expires.toInstant();
    }

    private static boolean isAfter(@Nullable Date time, Instant latest) {
        return time != null && time.toInstant().isAfter(latest);
    }

    private String name(JWTClaimsSet claims) throws TokenRefused {
        for (String claim : rules.principalClaims()) {
            if (at(claims, claim) instanceof String name) {
                boolean printable = !name.isBlank()
                        && name.length() <= MAX_NAME_LENGTH
                        && name.codePoints().noneMatch(TokenVerifier::isOdd);
                if (!printable) {
                    throw refused("an unprintable name", null);
                }
                return name;
            }
        }
        throw refused("no name", null);
    }

    /** Control characters forge log lines; others turn a name around or cannot be seen. */
    private static boolean isOdd(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** Lists of texts, or one text with spaces between (RFC 8693 §4.2). */
    private Set<String> roles(JWTClaimsSet claims) {
        Set<String> roles = new HashSet<>();
        for (String claim : rules.rolesClaims()) {
            Object value = at(claims, claim);
            if (value instanceof String text) {
                roles.addAll(List.of(text.split(" +", MAX_ROLES)));
            } else if (value instanceof Collection<?> list) {
                list.stream()
                        .limit(MAX_ROLES)
                        .filter(String.class::isInstance)
                        .forEach(role -> roles.add((String) role));
            }
        }
        return roles;
    }

    /** A claim of just this name, which may be a URL, or else a member of a member. */
    private static @Nullable Object at(JWTClaimsSet claims, String path) {
        Object whole = claims.getClaim(path);
        if (whole != null) {
            return whole;
        }
        Object value = claims.getClaims();
        for (String step : DOT.split(path, -1)) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }

    /** Why, for the administrator who looks for it; never the token. */
    private static TokenRefused refused(String why, @Nullable Throwable cause) {
        LOG.log(Level.DEBUG, () -> "A token was refused: " + why);
        return cause == null ? new TokenRefused(TokenRefused.INVALID) : new TokenRefused(TokenRefused.INVALID, cause);
    }
}
