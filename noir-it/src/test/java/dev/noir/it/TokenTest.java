package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of people who show a token, at a server without users of its own. */
final class TokenTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path work;

    private static Issuer issuer;
    private static NoirProcess noir;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        issuer = new Issuer();
        Path keys = issuer.writeKeys(work.resolve("keys.json"));
        noir = NoirProcess.start(Issuer.options(keys).toArray(String[]::new));
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        noir.close();
    }

    private static URI with(String token) throws IOException {
        return URI.create(noir.signalling() + "?access_token=" + token);
    }

    private static String token(String user) throws Exception {
        return issuer.token(user, Instant.now().plusSeconds(600), "noir-user");
    }

    private static int refused(URI uri) {
        try {
            new IonSignal(uri).close();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void aTokenOpensACall() throws Exception {
        try (IonPeer publisher = new IonPeer(webRtc, with(token("alice")));
                IonPeer listener = new IonPeer(webRtc, with(token("bob")));
                SyntheticMedia media = new SyntheticMedia(webRtc, "token")) {
            publisher.join("token", "publisher");
            listener.join("token", "listener");
            publisher.publish("stream-1", media.tracks());
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (listener.videoFrames() < 30) {
                deadline.pause("30 video frames, not " + listener.videoFrames());
            }
        }
    }

    @Test
    void withoutOneOrWithABadOneTheHandshakeIsRefused() throws Exception {
        assertEquals(401, refused(noir.signalling()));
        assertEquals(401, refused(with("")));
        assertEquals(401, refused(with("a.b.c")));
        assertEquals(401, refused(with(issuer.token("alice", Instant.now().minusSeconds(1)))));
        assertEquals(401, refused(with(new Issuer().token("alice", Instant.now().plusSeconds(600)))));
        String good = token("alice");
        assertEquals(401, refused(with(good.substring(0, good.length() - 4))));
        assertEquals(101, refused(with(good)));
    }

    /** {@code ./noir call}. */
    @Test
    void theCallersTokenLetsItInAndItHearsWhyItIsRemoved() throws Exception {
        String address = noir.http("").toString();
        Map<String, String> environment = Map.of("NOIR_TOKEN", token("carl"));
        String[] arguments = {"call", address, "r", "--uid", "carl", "--json", "--seconds", "0"};
        try (BotProcess first = BotProcess.start(environment, arguments)) {
            first.await("joined");
            try (BotProcess second = BotProcess.start(environment, arguments)) {
                second.await("joined");
                assertEquals(3, first.awaitExit());
                assertTrue(first.await("failed").getString("why").contains("4000"), first.output());
            }
        }
        try (BotProcess nobody = BotProcess.start("call", address, "r")) {
            assertEquals(3, nobody.awaitExit());
            assertTrue(nobody.output().contains("HTTP 401"), nobody.output());
        }
    }

    /** To the second, however long the peer could have gone on. */
    @Test
    void whenATokenExpiresTheCallOfItsOwnerEnds() throws Exception {
        Instant expires = Instant.now().plusSeconds(8);
        try (IonPeer publisher = new IonPeer(webRtc, with(issuer.token("alice", expires)));
                IonPeer listener = new IonPeer(webRtc, with(token("bob")));
                SyntheticMedia media = new SyntheticMedia(webRtc, "expiry")) {
            publisher.join("expiry", "publisher");
            listener.join("expiry", "listener");
            publisher.publish("stream-1", media.tracks());
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (listener.videoFrames() < 10) {
                deadline.pause("10 video frames, not " + listener.videoFrames());
            }
            assertEquals(4010, publisher.closed().get(20, TimeUnit.SECONDS));
            Duration late = Duration.between(Instant.ofEpochSecond(expires.getEpochSecond()), Instant.now());
            assertTrue(!late.isNegative() && late.toMillis() < 1000, "closed after " + late);
            // What was on its way has arrived by then; the sender's own loop has not noticed yet and goes on sending.
            Deadline quiet = Deadline.in(Duration.ofSeconds(5));
            long seen = -1;
            while (listener.videoFrames() != seen) {
                seen = listener.videoFrames();
                quiet.pause("the media to stop");
                quiet.pause("the media to stop");
                quiet.pause("the media to stop");
            }
        }
    }

    @Test
    void pagesSendPeopleToTheLoginAndTellWhatIsWrongInWords() throws Exception {
        HttpResponse<String> page = get("gallery.html?room=a%20b");
        assertEquals(302, page.statusCode());
        assertEquals(
                "auth/login?to=%2Fgallery.html%3Froom%3Da%2520b",
                page.headers().firstValue("Location").orElseThrow());
        assertEquals(
                200, get("gallery.html?room=a&access_token=" + token("alice")).statusCode());
        assertEquals(302, get("gallery.html?room=a&access_token=a.b.c").statusCode());
        assertEquals(200, get("css/noir.css").statusCode());
        HttpResponse<String> login = get("auth/login?to=%2F");
        assertTrue(login.body().contains("j_password"), login.body());
        HttpResponse<String> socket = get("ws");
        assertEquals(401, socket.statusCode());
        assertEquals("Please log in.", socket.body().strip());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(noir.http(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
