package dev.noir.auth;

import java.time.Duration;
import java.util.List;

/**
 * Which tokens are taken.
 *
 * @param issuer the {@code iss} they must have; empty: any, since the keys are enough
 * @param audiences one of which must be in {@code aud}; empty: any
 * @param rolesClaims where roles stand, paths with dots
 * @param principalClaims where the name stands, the first that is there counts
 * @param skew by how much the issuer's clock may be ahead of ours
 */
public record TokenRules(
        String issuer, List<String> audiences, List<String> rolesClaims, List<String> principalClaims, Duration skew) {

    public TokenRules {
        audiences = List.copyOf(audiences);
        rolesClaims = List.copyOf(rolesClaims);
        principalClaims = List.copyOf(principalClaims);
    }
}
