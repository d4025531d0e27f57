package dev.noir.it;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Who issues tokens: a key pair, its JWK Set in a file, and JSON Web Tokens made by the JDK alone. */
final class Issuer {
    static final String NAME = "https://issuer.example";
    static final String AUDIENCE = "noir";

    private final KeyPair keys;

    Issuer() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    /** The public key, as an issuer publishes it. */
    Path writeKeys(Path file) throws IOException {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        JsonObject jwk = Json.createObjectBuilder()
                .add("kty", "RSA")
                .add("kid", "test")
                .add("use", "sig")
                .add("n", base64(key.getModulus()))
                .add("e", base64(key.getPublicExponent()))
                .build();
        JsonObject set = Json.createObjectBuilder()
                .add("keys", Json.createArrayBuilder().add(jwk))
                .build();
        return Files.writeString(file, set.toString());
    }

    /** What a node needs to take these tokens, and no others, from who wants to come in. */
    static List<String> options(Path keys) {
        return List.of(
                "-Dnoir.auth.mode=required",
                "-Dnoir.auth.jwt.keys=" + keys.toAbsolutePath(),
                "-Dnoir.auth.jwt.issuer=" + NAME,
                "-Dnoir.auth.jwt.audience=" + AUDIENCE);
    }

    String token(String user, Instant expires, String... roles) throws GeneralSecurityException {
        JsonArrayBuilder groups = Json.createArrayBuilder();
        List.of(roles).forEach(groups::add);
        return sign(Json.createObjectBuilder()
                .add("iss", NAME)
                .add("aud", AUDIENCE)
                .add("sub", user)
                .add("groups", groups)
                .add("exp", expires.getEpochSecond()));
    }

    private String sign(JsonObjectBuilder claims) throws GeneralSecurityException {
        String signed = base64("{\"alg\":\"RS256\",\"kid\":\"test\",\"typ\":\"JWT\"}") + "."
                + base64(claims.build().toString());
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 7518 §2: big-endian, without a sign. */
    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
