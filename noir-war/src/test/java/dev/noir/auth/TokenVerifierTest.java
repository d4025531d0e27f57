package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.noir.room.FakeScheduler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as an issuer makes them, and as attackers do. */
final class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final String ISSUER = "https://sso.example";
    private static final byte[] SECRET = "a secret of more than thirty-two bytes".getBytes(StandardCharsets.UTF_8);

    private static RSAKey rsa;
    private static RSAKey strangers;
    private static ECKey ec;

    private TokenVerifier verifier;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("r1").generate();
        strangers = new RSAKeyGenerator(2048).keyID("r1").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e1").generate();
    }

    @BeforeEach
    void begin() throws IOException {
        verifier = verifier(null, rsa.toPublicJWK(), ec.toPublicJWK());
    }

    private static TokenVerifier verifier(byte[] secret, JWK... keys) throws IOException {
        TokenKeys known = new TokenKeys(
                keys.length == 0 ? null : () -> List.of(keys), secret, new FakeScheduler(), Runnable::run);
        known.start(true);
        TokenRules rules = new TokenRules(
                ISSUER,
                List.of("noir"),
                List.of("groups", "realm_access.roles"),
                List.of("upn", "sub"),
                Duration.ofSeconds(30));
        return new TokenVerifier(rules, known, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("other", "noir"))
                .subject("alice")
                .claim("groups", List.of("noir-user", "board"))
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String signed(JWTClaimsSet.Builder claims) throws JOSEException {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").build();
        return signed(header, claims.build(), new RSASSASigner(rsa));
    }

    private void refuses(String token) {
        TokenRefused refused = assertThrows(TokenRefused.class, () -> verifier.verify(token));
        assertEquals(TokenRefused.INVALID, refused.getMessage());
    }

    @Test
    void tellsWhoItWasMadeFor() throws Exception {
        TokenVerifier.Verified verified = verifier.verify(signed(claims()));

        assertEquals("alice", verified.name());
        assertEquals(Set.of("noir-user", "board"), verified.roles());
        assertEquals(NOW.plusSeconds(60), verified.expires());
    }

    @Test
    void takesTheFirstNameAndAllRoles() throws Exception {
        TokenVerifier.Verified verified = verifier.verify(signed(claims().claim("upn", "alice@example.org")
                .claim("realm_access", Map.of("roles", List.of("chair", 7)))));

        assertEquals("alice@example.org", verified.name());
        assertEquals(Set.of("noir-user", "board", "chair"), verified.roles());
    }

    @Test
    void takesEllipticCurvesAndAccessTokens() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("e1")
                .type(new JOSEObjectType("at+jwt"))
                .build();
        assertEquals(
                "alice",
                verifier.verify(signed(header, claims().build(), new ECDSASigner(ec)))
                        .name());
    }

    @Test
    void saysThatATokenHasExpired() throws Exception {
        String token = signed(claims().expirationTime(Date.from(NOW)));
        TokenRefused refused = assertThrows(TokenRefused.class, () -> verifier.verify(token));

        assertEquals(TokenRefused.EXPIRED, refused.getMessage());
    }

    @Test
    void toleratesAnIssuerWhoseClockIsAheadALittle() throws Exception {
        Date soon = Date.from(NOW.plusSeconds(30));
        verifier.verify(signed(claims().issueTime(soon).notBeforeTime(soon)));
        Date later = Date.from(NOW.plusSeconds(31));

        refuses(signed(claims().notBeforeTime(later)));
        refuses(signed(claims().issueTime(later)));
    }

    @Test
    void refusesWhatWasMadeByOrForOthers() throws Exception {
        refuses(signed(claims().issuer("https://other.example")));
        refuses(signed(claims().issuer(null)));
        refuses(signed(claims().audience("other")));
        refuses(signed(claims().audience((String) null)));
    }

    @Test
    void refusesWhatNeverExpiresOrNamesNobody() throws Exception {
        refuses(signed(claims().expirationTime(null)));
        refuses(signed(claims().subject(null)));
        refuses(signed(claims().subject(" ")));
        refuses(signed(claims().subject("alice\nINFO: all is well")));
        refuses(signed(claims().subject("\u202eecila")));
        refuses(signed(claims().subject("a".repeat(129))));
    }

    @Test
    void refusesStrangersWithTheNameOfAKeyOfOurs() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").build();
        refuses(signed(header, claims().build(), new RSASSASigner(strangers)));
    }

    @Test
    void refusesStrangersWhoBringTheirKey() throws Exception {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256);
        refuses(signed(header.jwk(strangers.toPublicJWK()).build(), claims().build(), new RSASSASigner(strangers)));
        refuses(signed(
                header.keyID("r1").jwkURL(URI.create("http://127.0.0.1:1/keys")).build(),
                claims().build(),
                new RSASSASigner(strangers)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r2", "../../etc/passwd", "' OR 1=1 --", "/dev/null", "\u0000"})
    void refusesNamesOfKeysThatAreNone(String kid) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
        refuses(signed(header, claims().build(), new RSASSASigner(rsa)));
    }

    @Test
    void refusesUnsignedOnes() throws Exception {
        refuses(new PlainJWT(claims().build()).serialize());
        String signed = signed(claims());
        refuses(signed.substring(0, signed.lastIndexOf('.') + 1));
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            refuses(base64("{\"alg\":\"" + none + "\"}") + "." + signed.split("\\.", -1)[1] + ".");
        }
    }

    /** The public key, which everybody knows, taken for a secret. */
    @Test
    void refusesAPublicKeyAsASecret() throws Exception {
        verifier = verifier(SECRET, rsa.toPublicJWK());
        for (byte[] known : List.of(
                rsa.toRSAPublicKey().getEncoded(),
                rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                ("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(rsa.toRSAPublicKey().getEncoded())
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.UTF_8))) {
            JWSHeader header =
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build();
            refuses(signed(header, claims().build(), new MACSigner(known)));
        }
    }

    @Test
    void takesASecretOnlyWhereOneIsSet() throws Exception {
        JWSHeader header = new JWSHeader(JWSAlgorithm.HS256);
        String token = signed(header, claims().build(), new MACSigner(SECRET));
        refuses(token);
        verifier = verifier(SECRET);

        assertEquals("alice", verifier.verify(token).name());
        refuses(signed(claims()));
    }

    @Test
    void aSecretAmongPublicKeysIsNone() throws Exception {
        verifier = verifier(
                null,
                rsa.toPublicJWK(),
                new com.nimbusds.jose.jwk.OctetSequenceKey.Builder(SECRET)
                        .keyID("s")
                        .build());
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("s").build();
        refuses(signed(header, claims().build(), new MACSigner(SECRET)));
    }

    @Test
    void refusesChangedOnes() throws Exception {
        String[] parts = signed(claims()).split("\\.", -1);
        String other = base64(claims().subject("administrator").build().toString());
        refuses(parts[0] + "." + other + "." + parts[2]);
        refuses(parts[0] + "." + parts[1] + "." + parts[2].substring(2));
        refuses(base64("{\"alg\":\"RS512\",\"kid\":\"r1\"}") + "." + parts[1] + "." + parts[2]);
        refuses(base64("{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[\"x\"],\"x\":1}") + "." + parts[1] + "."
                + parts[2]);
    }

    @Test
    void refusesWhatIsNoToken() throws Exception {
        String header = base64("{\"alg\":\"RS256\",\"kid\":\"r1\"}");
        for (String text : List.of(
                "",
                ".",
                "..",
                "a.b.c",
                "....",
                header + "..",
                header + ".e30.",
                base64("[]") + ".e30.AA",
                base64("{") + ".e30.AA",
                base64("{\"alg\":7}") + ".e30.AA",
                header + "." + base64("[".repeat(9000)) + ".AA",
                base64("{\"alg\":\"RS256\",\"x\":" + "[".repeat(9000)) + ".e30.AA",
                base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".a.b.c.d",
                "\u0000\u0001",
                "x".repeat(16_000))) {
            refuses(text);
        }
    }

    @Test
    void refusesClaimsOfTheWrongKind() throws Exception {
        for (String claims : List.of(
                "{\"exp\":\"tomorrow\"}",
                "{\"exp\":{}}",
                "{\"exp\":1e400}",
                "{\"nbf\":[],\"exp\":1900000000}",
                "[]",
                "null",
                "{\"x\":" + "[".repeat(3000) + "]".repeat(3000) + ",\"exp\":1900000000}")) {
            com.nimbusds.jose.JWSObject token = new com.nimbusds.jose.JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").build(),
                    new com.nimbusds.jose.Payload(claims));
            token.sign(new RSASSASigner(rsa));
            refuses(token.serialize());
        }
    }

    @Test
    void takesKeysFromCertificatesWhateverNameATokenGives() throws Exception {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.toRSAPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(ec.toECPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        List<JWK> keys = KeyDocument.parse(pem);
        verifier = verifier(null, keys.toArray(JWK[]::new));

        assertEquals(2, keys.size());
        assertEquals("alice", verifier.verify(signed(claims())).name());
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("any").build();
        assertTrue(verifier.verify(signed(header, claims().build(), new ECDSASigner(ec)))
                .name()
                .equals("alice"));
    }

    @Test
    void saysWhatIsNoDocumentOfKeys() {
        for (String text : List.of("", "{}", "{\"keys\":[]}", "nothing", "{\"keys\":[{\"kty\":\"RSA\"}]}")) {
            assertThrows(IOException.class, () -> KeyDocument.parse(text), text);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
