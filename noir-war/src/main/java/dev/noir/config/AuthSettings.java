package dev.noir.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How people show who they are.
 *
 * @param mode who has to: {@code open}, {@code optional}, {@code required}
 * @param jwtKeys address or file of the public keys that tokens are signed with; empty: none
 * @param jwtSecretFile with the secret that tokens are signed with by HS256; empty: none
 * @param jwtIssuer that tokens must be of; empty: any
 * @param jwtAudience one of which tokens must be for; empty: any
 * @param jwtRolesClaim where roles stand in a token
 * @param jwtPrincipalClaim where the name stands, first come first served
 * @param jwtClockSkew by how much an issuer's clock may be ahead
 */
public record AuthSettings(
        String mode,
        String jwtKeys,
        String jwtSecretFile,
        String jwtIssuer,
        List<String> jwtAudience,
        List<String> jwtRolesClaim,
        List<String> jwtPrincipalClaim,
        Duration jwtClockSkew) {

    static final Setting<String> MODE = new Setting<>(
            "noir.auth.mode", "open", false, Values.lowerCase().andThen(Values.oneOf("open", "optional", "required")));

    static final Setting<String> JWT_KEYS = new Setting<>("noir.auth.jwt.keys", "", false, Function.identity());

    static final Setting<String> JWT_SECRET_FILE =
            new Setting<>("noir.auth.jwt.secret-file", "", false, Function.identity());

    static final Setting<String> JWT_ISSUER = new Setting<>("noir.auth.jwt.issuer", "", false, Function.identity());

    static final Setting<List<String>> JWT_AUDIENCE =
            new Setting<>("noir.auth.jwt.audience", "", false, Values.list(Function.identity()));

    static final Setting<List<String>> JWT_ROLES_CLAIM =
            new Setting<>("noir.auth.jwt.roles-claim", "groups", false, Values.list(Function.identity()));

    static final Setting<List<String>> JWT_PRINCIPAL_CLAIM = new Setting<>(
            "noir.auth.jwt.principal-claim",
            "upn,preferred_username,sub",
            false,
            Values.nonEmpty(Values.list(Function.identity())));

    static final Setting<Duration> JWT_CLOCK_SKEW =
            new Setting<>("noir.auth.jwt.clock-skew", "30", false, Values.seconds(0, 300));

    static final List<Setting<?>> ALL = List.of(
            MODE,
            JWT_KEYS,
            JWT_SECRET_FILE,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_ROLES_CLAIM,
            JWT_PRINCIPAL_CLAIM,
            JWT_CLOCK_SKEW);

    /** Whether any token can be verified. */
    public boolean takesTokens() {
        return !jwtKeys.isEmpty() || !jwtSecretFile.isEmpty();
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<AuthSettings> load(NoirConfig.Reader reader) {
        Optional<String> mode = reader.read(MODE);
        Optional<String> keys = reader.read(JWT_KEYS);
        Optional<String> secretFile = reader.read(JWT_SECRET_FILE);
        Optional<String> issuer = reader.read(JWT_ISSUER);
        Optional<List<String>> audience = reader.read(JWT_AUDIENCE);
        Optional<List<String>> roles = reader.read(JWT_ROLES_CLAIM);
        Optional<List<String>> principal = reader.read(JWT_PRINCIPAL_CLAIM);
        Optional<Duration> skew = reader.read(JWT_CLOCK_SKEW);
        if (mode.isEmpty() || principal.isEmpty() || skew.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AuthSettings(
                mode.get(),
                keys.orElse(""),
                secretFile.orElse(""),
                issuer.orElse(""),
                audience.orElse(List.of()),
                roles.orElse(List.of()),
                principal.get(),
                skew.get()));
    }
}
