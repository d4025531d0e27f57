package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.noir.room.FakeScheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When keys are read, and how often strangers can make us do it. */
final class TokenKeysTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final List<JWK> published = new ArrayList<>();
    private int reads;

    private TokenKeys keys() {
        return new TokenKeys(
                () -> {
                    reads++;
                    if (published.isEmpty()) {
                        throw new IOException("the issuer is away");
                    }
                    return List.copyOf(published);
                },
                null,
                scheduler,
                Runnable::run);
    }

    private static RSAKey key(String id) throws Exception {
        return new RSAKeyGenerator(2048).keyID(id).generate();
    }

    private static int found(TokenKeys keys, String id) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
        return keys.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), null).size();
    }

    @Test
    void anUnknownKeyIsLookedForOnceInAWhile() throws Exception {
        published.add(key("a"));
        TokenKeys keys = keys();
        keys.start(false);
        assertEquals(1, found(keys, "a"));
        assertEquals(1, reads);
        published.add(key("b"));
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, found(keys, "guess" + i));
        }
        assertEquals(1, reads, "just read");
        scheduler.advance(Duration.ofSeconds(11));

        assertEquals(1, found(keys, "b"));
        assertEquals(2, reads);
        for (int i = 0; i < 1000; i++) {
            assertEquals(0, found(keys, "guess" + i));
        }
        assertEquals(2, reads);
    }

    @Test
    void keysAreReadAgainFromTimeToTime() throws Exception {
        published.add(key("a"));
        TokenKeys keys = keys();
        keys.start(false);
        published.set(0, key("b"));
        scheduler.advance(Duration.ofMinutes(11));

        assertEquals(1, found(keys, "b"));
        assertEquals(0, found(keys, "a"));
        keys.close();
        int before = reads;
        scheduler.advance(Duration.ofMinutes(60));
        assertEquals(before, reads);
    }

    @Test
    void anIssuerThatIsAwayIsAskedAgainAndItsKeysStay() throws Exception {
        TokenKeys keys = keys();
        keys.start(false);
        assertEquals(0, found(keys, "a"));
        published.add(key("a"));
        scheduler.advance(Duration.ofSeconds(11));
        assertEquals(1, found(keys, "a"));
        published.clear();
        scheduler.advance(Duration.ofMinutes(11));

        assertEquals(1, found(keys, "a"));
    }

    @Test
    void aBrokenFileStopsTheStart(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[");
        TokenKeys keys = new TokenKeys(KeySources.file(file), null, scheduler, Runnable::run);

        assertThrows(IOException.class, () -> keys.start(true));
    }

    @Test
    void whatIsWeakOrForOtherPurposesIsNotUsed() throws Exception {
        RSAKey weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
        RSAKey forEncryption = new RSAKeyGenerator(2048)
                .keyID("enc")
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .generate();
        published.addAll(List.of(weak, forEncryption));
        TokenKeys keys = keys();
        keys.start(true);

        assertEquals(0, found(keys, "weak"));
        assertEquals(0, found(keys, "enc"));
    }

    @Test
    void keysComeOverHttpWithinBounds() throws Exception {
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve(issuer, "/good", "{\"keys\":[" + key("a").toPublicJWK().toJSONString() + "]}");
        serve(issuer, "/long", "{\"keys\":[" + " ".repeat(300_000) + "]}");
        serve(issuer, "/page", "<!doctype html><title>Log in</title>");
        issuer.start();
        try {
            String base = "http://localhost:" + issuer.getAddress().getPort();
            assertEquals(
                    1,
                    KeySources.url(URI.create(base + "/good"), scheduler).read().size());
            for (String path : List.of("/long", "/page", "/missing")) {
                IOException why =
                        assertThrows(IOException.class, () -> KeySources.url(URI.create(base + path), scheduler)
                                .read());
                assertTrue(String.valueOf(why.getMessage()).length() < 200, why.getMessage());
            }
        } finally {
            issuer.stop(0);
        }
    }

    private static void serve(HttpServer server, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }
}
