package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A stock Tomcat with two users, where everybody has to log in: by its form, or by BASIC. */
final class LoginTest {
    private static final Duration MEDIA_LIMIT = Duration.ofSeconds(20);
    private static final String USERS = "<user username=\"alice\" password=\"wonder\" roles=\"noir-user,noir-admin\"/>"
            + "<user username=\"bob\" password=\"builder\" roles=\"noir-user\"/>";

    private static TomcatProcess tomcat;
    private static WebRtc webRtc;

    @BeforeAll
    static void start() throws Exception {
        tomcat = TomcatProcess.start(Distribution.of("noir.it.tomcat10"), USERS, "-Dnoir.auth.mode=required");
        tomcat.deploy();
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
        tomcat.close();
    }

    private static int status(Map<String, String> headers) {
        return Handshake.status(tomcat.signalling(), headers);
    }

    @Test
    void aPageSendsToTheLoginAndTheLoginBack() throws Exception {
        Browser browser = new Browser(tomcat);
        HttpResponse<String> page = browser.login("gallery.html?room=a%20b&x=1", "bob", "builder");

        assertEquals(200, page.statusCode());
        assertEquals(tomcat.http("gallery.html?room=a%20b&x=1"), page.uri());
        assertTrue(browser.get("auth/me").body().contains("\"principal\":\"bob\",\"roles\":[\"noir-user\"]"));
    }

    /** The server forwards to it, past all filters that are for requests alone. */
    @Test
    void theLoginPageIsGuardedLikeAllOthers() throws Exception {
        HttpResponse<String> login = new Browser(tomcat).get("auth/login");

        assertTrue(login.body().contains("j_password"), login.body());
        for (String header : List.of("Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy")) {
            assertEquals(1, login.headers().allValues(header).size(), header);
        }
    }

    @Test
    void theLoginSendsNobodyElsewhere() throws Exception {
        Browser browser = new Browser(tomcat);
        browser.login("index.html", "bob", "builder");
        for (String to : List.of("//evil.example/", "https://evil.example/", "/..//evil.example", "/%5Cevil.example")) {
            HttpResponse<String> page = browser.get("auth/login?to=" + to);
            assertEquals(tomcat.http(""), page.uri(), to);
        }
    }

    @Test
    void aWrongPasswordIsSaidAndLogsNobodyIn() throws Exception {
        Browser browser = new Browser(tomcat);
        HttpResponse<String> page = browser.login("index.html", "bob", "nonsense");

        assertTrue(page.body().contains("User name or password is wrong."), page.body());
        assertTrue(browser.get("auth/me").body().contains("\"principal\":null"));
        assertEquals(401, status(browser.handshake()));
    }

    /** Who has planted a session in somebody's browser does not get his login with it. */
    @Test
    void theSessionHasAnotherIdAfterTheLogin() throws Exception {
        Browser browser = new Browser(tomcat);
        browser.get("auth/login");
        String before = browser.session();
        assertNotEquals("", before);
        browser.login("index.html", "bob", "builder");

        assertNotEquals(before, browser.session());
        assertEquals(101, status(browser.handshake()));
        assertEquals(401, status(Map.of("Cookie", "JSESSIONID=" + before)));
    }

    @Test
    void theCookieIsForOurPagesOnly() throws Exception {
        HttpResponse<String> login = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(tomcat.http("auth/login")).build(), HttpResponse.BodyHandlers.ofString());
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();

        assertTrue(cookie.contains("HttpOnly"), cookie);
        assertTrue(cookie.contains("SameSite=Lax"), cookie);
        Browser browser = new Browser(tomcat);
        browser.login("index.html", "alice", "wonder");
        Map<String, String> evil =
                Map.of("Cookie", "JSESSIONID=" + browser.session(), "Origin", "https://evil.example");
        assertEquals(403, status(evil));
        assertEquals(
                403,
                browser.post("auth/logout", "", "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(
                403,
                browser.post("admin/drain", "", "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(405, browser.get("auth/logout").statusCode());
        assertTrue(browser.get("auth/me").body().contains("alice"));
    }

    @Test
    void administratorsAreThoseOfTheRole() throws Exception {
        Browser alice = new Browser(tomcat);
        alice.login("index.html", "alice", "wonder");
        Browser bob = new Browser(tomcat);
        bob.login("index.html", "bob", "builder");

        assertEquals(200, alice.get("admin/drain").statusCode());
        assertEquals(403, bob.get("admin/drain").statusCode());
        assertFalse(bob.get("admin/drain").body().contains("Exception"));
    }

    @Test
    void programsLogInWithTheHandshake() throws Exception {
        assertEquals(401, status(Map.of()));
        assertEquals(401, status(Handshake.basic("bob", "nonsense")));
        assertEquals(401, status(Handshake.basic("eve", "builder")));
        assertEquals(101, status(Handshake.basic("bob", "builder")));
    }

    @Test
    void loggingOutEndsTheCall() throws Exception {
        Browser browser = new Browser(tomcat);
        browser.login("index.html", "alice", "wonder");
        try (IonPeer publisher = new IonPeer(webRtc, tomcat.signalling(), browser.handshake());
                IonPeer listener = new IonPeer(webRtc, tomcat.signalling(), Handshake.basic("bob", "builder"));
                SyntheticMedia media = new SyntheticMedia(webRtc, "logout")) {
            publisher.join("logout", "publisher");
            listener.join("logout", "listener");
            publisher.publish("stream-1", media.tracks());
            Deadline deadline = Deadline.in(MEDIA_LIMIT);
            while (listener.videoFrames() < 10) {
                deadline.pause("10 video frames, not " + listener.videoFrames());
            }
            long begin = System.nanoTime();
            browser.post("auth/logout", "");

            assertEquals(4009, publisher.closed().get(10, TimeUnit.SECONDS));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(millis < 1000, "closed after " + millis + " ms");
            assertEquals(401, status(browser.handshake()));
            assertFalse(listener.closed().isDone(), "the other's goes on");
        }
    }

    @Test
    void nothingOfItIsWrittenDown() throws Exception {
        status(Map.of());
        new Browser(tomcat).login("index.html", "bob", "nonsense-4711");
        URI withToken = URI.create(tomcat.signalling() + "?access_token=secret-4711&password=secret-4712");
        try {
            new IonSignal(withToken).close();
        } catch (CompletionException e) {
            assertEquals(
                    401,
                    ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode());
        }
        String log = tomcat.log();

        assertFalse(log.contains("4711") || log.contains("4712"), log);
    }
}
