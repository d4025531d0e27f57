package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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

    /** A browser without a screen: keeps cookies, follows where it is sent. */
    private static final class Browser {
        private final CookieManager cookies = new CookieManager();
        private final HttpClient http = HttpClient.newBuilder()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(tomcat.http(path)).build(), HttpResponse.BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String form, String... headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(tomcat.http(path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        /** From a page to the login and, with the right password, back. */
        HttpResponse<String> login(String page, String user, String password) throws Exception {
            assertTrue(get(page).body().contains("j_password"));
            return post("j_security_check", "j_username=" + user + "&j_password=" + password);
        }

        String session() {
            return cookies.getCookieStore().getCookies().stream()
                    .filter(cookie -> cookie.getName().equals("JSESSIONID"))
                    .map(HttpCookie::getValue)
                    .findFirst()
                    .orElse("");
        }

        Map<String, String> handshake() {
            return Map.of("Cookie", "JSESSIONID=" + session());
        }
    }

    private static Map<String, String> basic(String pair) {
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static int status(Map<String, String> headers) {
        try {
            new IonSignal(tomcat.signalling(), headers).close();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void aPageSendsToTheLoginAndTheLoginBack() throws Exception {
        Browser browser = new Browser();
        HttpResponse<String> page = browser.login("gallery.html?room=a%20b&x=1", "bob", "builder");

        assertEquals(200, page.statusCode());
        assertEquals(tomcat.http("gallery.html?room=a%20b&x=1"), page.uri());
        assertTrue(browser.get("auth/me").body().contains("\"principal\":\"bob\",\"roles\":[\"noir-user\"]"));
    }

    /** The server forwards to it, past all filters that are for requests alone. */
    @Test
    void theLoginPageIsGuardedLikeAllOthers() throws Exception {
        HttpResponse<String> login = new Browser().get("auth/login");

        assertTrue(login.body().contains("j_password"), login.body());
        for (String header : List.of("Content-Security-Policy", "X-Content-Type-Options", "Permissions-Policy")) {
            assertEquals(1, login.headers().allValues(header).size(), header);
        }
    }

    @Test
    void theLoginSendsNobodyElsewhere() throws Exception {
        Browser browser = new Browser();
        browser.login("index.html", "bob", "builder");
        for (String to : List.of("//evil.example/", "https://evil.example/", "/..//evil.example", "/%5Cevil.example")) {
            HttpResponse<String> page = browser.get("auth/login?to=" + to);
            assertEquals(tomcat.http(""), page.uri(), to);
        }
    }

    @Test
    void aWrongPasswordIsSaidAndLogsNobodyIn() throws Exception {
        Browser browser = new Browser();
        HttpResponse<String> page = browser.login("index.html", "bob", "nonsense");

        assertTrue(page.body().contains("User name or password is wrong."), page.body());
        assertTrue(browser.get("auth/me").body().contains("\"principal\":null"));
        assertEquals(401, status(browser.handshake()));
    }

    /** Who has planted a session in somebody's browser does not get his login with it. */
    @Test
    void theSessionHasAnotherIdAfterTheLogin() throws Exception {
        Browser browser = new Browser();
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
        Browser browser = new Browser();
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
        Browser alice = new Browser();
        alice.login("index.html", "alice", "wonder");
        Browser bob = new Browser();
        bob.login("index.html", "bob", "builder");

        assertEquals(200, alice.get("admin/drain").statusCode());
        assertEquals(403, bob.get("admin/drain").statusCode());
        assertFalse(bob.get("admin/drain").body().contains("Exception"));
    }

    @Test
    void programsLogInWithTheHandshake() throws Exception {
        assertEquals(401, status(Map.of()));
        assertEquals(401, status(basic("bob:nonsense")));
        assertEquals(401, status(basic("eve:builder")));
        assertEquals(101, status(basic("bob:builder")));
    }

    @Test
    void loggingOutEndsTheCall() throws Exception {
        Browser browser = new Browser();
        browser.login("index.html", "alice", "wonder");
        try (IonPeer publisher = new IonPeer(webRtc, tomcat.signalling(), browser.handshake());
                IonPeer listener = new IonPeer(webRtc, tomcat.signalling(), basic("bob:builder"));
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
        new Browser().login("index.html", "bob", "nonsense-4711");
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
