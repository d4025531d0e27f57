package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /admin/explain} of a stock Tomcat, with and without a call. */
final class ExplainTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(20);
    private static final String USERS = "<user username=\"alice\" password=\"wonder\" roles=\"noir-user,noir-admin\"/>"
            + "<user username=\"bob\" password=\"builder\" roles=\"noir-user\"/>";

    private static TomcatProcess tomcat;
    private static WebRtc webRtc;
    private static Browser alice;

    @BeforeAll
    static void start() throws Exception {
        tomcat = TomcatProcess.start(Distribution.of("noir.it.tomcat10"), USERS, "-Dnoir.auth.mode=optional");
        tomcat.deploy();
        webRtc = new WebRtc();
        alice = new Browser(tomcat);
        alice.login("auth/login", "alice", "wonder");
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        tomcat.close();
    }

    @Test
    void itIsForAdministrators() throws Exception {
        Browser bob = new Browser(tomcat);
        bob.login("auth/login", "bob", "builder");

        assertEquals(403, bob.get("admin/explain?room=x").statusCode());
        assertEquals(403, new Browser(tomcat).get("admin/explain?room=x").statusCode());
    }

    @Test
    void itKnowsOnlyRoomsThatThereAre() throws Exception {
        HttpResponse<String> unknown = alice.get("admin/explain?room=nobody-is-here");

        assertEquals(404, unknown.statusCode());
        assertEquals("there is no such room", unknown.body().strip());
        assertEquals(400, alice.get("admin/explain").statusCode());
        assertEquals(400, alice.get("admin/explain?room=a%0Ab").statusCode());
    }

    @Test
    void itTellsOfACall() throws Exception {
        try (IonPeer publisher = new IonPeer(webRtc, tomcat.signalling());
                IonPeer listener = new IonPeer(webRtc, tomcat.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "explained")) {
            publisher.join("explained", "publisher");
            listener.join("explained", "listener");
            publisher.publish("stream-1", media.tracks());
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (listener.videoFrames() < 10) {
                deadline.pause("10 video frames, not " + listener.videoFrames());
            }
            HttpResponse<String> answer = alice.get("admin/explain?room=explained");
            String body = answer.body();

            assertEquals(200, answer.statusCode(), body);
            assertEquals("application/json;charset=utf-8", type(answer));
            assertTrue(body.startsWith("{\"room\":\"explained\",\"peers\":[{\"uid\":\"publisher\""), body);
            for (String part : new String[] {
                "\"uid\":\"listener\"",
                "\"state\":\"connected\"",
                "\"srtp\":\"SRTP_AEAD_AES_128_GCM\"",
                "\"version\":\"DTLS 1.2\"",
                "\"remote\":\"",
                "\"why\":\"as wanted",
                "\"stream\":\"stream-1\"",
                "\"keyFrames\":",
                "\"sinceKeyFrameMs\":"
            }) {
                assertTrue(body.contains(part), part + " in " + body);
            }
            String one = alice.get("admin/explain?room=explained&uid=listener").body();
            assertFalse(one.contains("\"encodings\""), one);
            assertEquals(
                    404, alice.get("admin/explain?room=explained&uid=nobody").statusCode());
        }
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .orElse("")
                .replace(" ", "")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
