package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.fixture.RedisProcess;
import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WHIP at a node that hosts no rooms, with the requests that follow at another one; who brings no token is nobody there. */
final class WhipClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OFFER = WhipClient.offer("actpass", "sendonly");

    @TempDir
    static Path work;

    private static Issuer issuer;
    private static RedisProcess redis;
    private static NoirProcess host;
    private static NoirProcess other;
    private static WebRtc webRtc;
    private static WhipClient client;

    @BeforeAll
    static void start() throws Exception {
        issuer = new Issuer();
        Path keys = issuer.writeKeys(work.resolve("keys.json"));
        redis = RedisProcess.start().awaitReady();
        host = ClusterNode.start(redis, keys, "host", "signal,sfu");
        other = ClusterNode.start(redis, keys, "other", "signal");
        webRtc = new WebRtc();
        client = new WhipClient();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        other.close();
        host.close();
        redis.close();
    }

    private static String bearer(String user, String role) throws Exception {
        return "Bearer " + issuer.token(user, Instant.now().plusSeconds(600), role);
    }

    private static HttpResponse<String> send(String method, URI uri, String type, String body, String authorization)
            throws IOException, InterruptedException {
        return client.send(
                method, uri, Map.of("Content-Type", type, "If-Match", "*", "Authorization", authorization), body);
    }

    private static HttpResponse<String> posted(String room, String authorization)
            throws IOException, InterruptedException {
        return send("POST", other.http("whip/" + room), WhipClient.SDP, OFFER, authorization);
    }

    /** As a balancer would have it. */
    private static URI atTheHost(HttpResponse<String> created) throws IOException {
        return host.http(WhipClient.session(created).getPath().substring(1));
    }

    @Test
    void requestsFindTheNodeOfTheSession() throws Exception {
        String bob = bearer("bob", "noir-user");
        HttpResponse<String> created = posted("found", bob);
        assertEquals(201, created.statusCode(), created.body());
        URI session = atTheHost(created);
        HttpResponse<String> restarted =
                send("PATCH", session, WhipClient.FRAGMENT, WhipClient.candidates("efgh"), bob);
        assertEquals(200, restarted.statusCode(), restarted.body());
        assertTrue(restarted.body().contains("a=ice-ufrag:"));
        assertEquals(
                204,
                send("PATCH", session, WhipClient.FRAGMENT, WhipClient.candidates("efgh"), bob)
                        .statusCode());
        assertEquals(200, send("DELETE", session, WhipClient.SDP, "", bob).statusCode());
        assertEquals(404, send("DELETE", session, WhipClient.SDP, "", bob).statusCode());
        assertEquals(
                404,
                send("DELETE", WhipClient.session(created), WhipClient.SDP, "", bob)
                        .statusCode());
    }

    @Test
    void nothingIsThereOfWhoWasRemoved() throws Exception {
        String bob = bearer("bob", "noir-user");
        HttpResponse<String> created = posted("removed?name=bob", bob);
        assertEquals(201, created.statusCode(), created.body());
        String token = issuer.token("alice", Instant.now().plusSeconds(600), "noir-moderator");
        try (IonPeer moderator = new IonPeer(webRtc, URI.create(host.signalling() + "?access_token=" + token))) {
            moderator.join("removed", "alice");
            moderator.call("kick", Json.createObjectBuilder().add("uid", "bob").build());
        }
        Deadline.await(
                "the end of the session",
                LIMIT,
                () -> 404
                        == send("PATCH", atTheHost(created), WhipClient.FRAGMENT, WhipClient.candidates("efgh"), bob)
                                .statusCode());
    }

    @Test
    void whoShowsNothingIsRefused() throws Exception {
        HttpResponse<String> refused = client.post(other.http("whip/tokens"), OFFER);
        assertEquals(401, refused.statusCode());
        assertTrue(refused.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"));
        assertEquals(401, posted("tokens", "Bearer nonsense").statusCode());
        HttpResponse<String> asked = client.send(
                "OPTIONS",
                other.http("whip/tokens"),
                Map.of("Origin", "http://localhost", "Access-Control-Request-Method", "POST"),
                "");
        assertEquals(204, asked.statusCode(), "browsers ask without a token");
    }
}
