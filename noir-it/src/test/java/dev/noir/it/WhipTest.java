package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9725 and the draft of WHEP say of each request, one row each, and the life of a session. */
final class WhipTest {
    private static final String OFFER = WhipClient.offer("actpass", "sendonly");
    private static final String UNKNOWN = "whip/r/sessions/bm9kZQ.AAAAAAAAAAAAAAAAAAAAAA";
    private static final Map<String, String> SDP = Map.of("Content-Type", WhipClient.SDP);
    private static final Map<String, String> FRAGMENT = Map.of("Content-Type", WhipClient.FRAGMENT, "If-Match", "*");

    private static NoirProcess noir;
    private static WhipClient client;

    @BeforeAll
    static void start() throws Exception {
        noir = NoirProcess.start(
                "-Dnoir.ice.servers=stun:stun.example.org,turn:turn.example.org?transport=udp",
                "-Dnoir.ice.username=user",
                "-Dnoir.ice.credential=secret");
        client = new WhipClient();
    }

    @AfterAll
    static void stop() {
        noir.close();
    }

    /**
     * A request that makes nothing.
     *
     * @param named a header of the answer, as "name: value"; empty: it does not matter
     */
    record Row(
            String what,
            String method,
            String path,
            Map<String, String> headers,
            String body,
            int status,
            String named) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("GET of an endpoint", "GET", "whip/r", Map.of(), "", 405, "allow: OPTIONS, POST"),
                new Row("HEAD of an endpoint", "HEAD", "whip/r", Map.of(), "", 405, "allow: OPTIONS, POST"),
                new Row("PUT to an endpoint", "PUT", "whip/r", SDP, OFFER, 405, "allow: OPTIONS, POST"),
                new Row("PATCH of an endpoint", "PATCH", "whip/r", FRAGMENT, "", 405, "allow: OPTIONS, POST"),
                new Row("DELETE of an endpoint", "DELETE", "whip/r", Map.of(), "", 405, "allow: OPTIONS, POST"),
                new Row(
                        "OPTIONS of an endpoint",
                        "OPTIONS",
                        "whip/r",
                        Map.of(),
                        "",
                        204,
                        "accept-post: application/sdp"),
                new Row("GET of a session", "GET", UNKNOWN, Map.of(), "", 405, "allow: DELETE, OPTIONS, PATCH"),
                new Row("POST to a session", "POST", UNKNOWN, SDP, OFFER, 405, "allow: DELETE, OPTIONS, PATCH"),
                new Row(
                        "PATCH of no session",
                        "PATCH",
                        UNKNOWN,
                        FRAGMENT,
                        "a=x",
                        404,
                        "content-type: application/problem+json"),
                new Row("DELETE of no session", "DELETE", UNKNOWN, Map.of(), "", 404, ""),
                new Row("a session with another id", "DELETE", "whip/r/sessions/x", Map.of(), "", 404, ""),
                new Row("no room", "POST", "whip/", SDP, OFFER, 404, ""),
                new Row("deeper", "POST", "whip/a/b", SDP, OFFER, 404, ""),
                new Row("a room that cannot be", "POST", "whip/" + "r".repeat(2000), SDP, OFFER, 400, ""),
                new Row("a name that cannot be", "POST", "whip/r?name=a%0Ab", SDP, OFFER, 400, ""));
    }

    static Stream<Row> bodies() {
        Map<String, String> foreign = new HashMap<>(SDP);
        foreign.put("Origin", "https://evil.example");
        return Stream.of(
                new Row("no type", "POST", "whip/r", Map.of(), OFFER, 415, "accept-post: application/sdp"),
                new Row("another type", "POST", "whip/r", Map.of("Content-Type", "application/json"), OFFER, 415, ""),
                new Row("no SDP", "POST", "whip/r", SDP, "hello", 400, "content-type: application/problem+json"),
                new Row("nothing", "POST", "whip/r", SDP, "", 400, ""),
                new Row("nothing to send", "POST", "whip/r", SDP, WhipClient.offer("actpass", "recvonly"), 400, ""),
                new Row("no role", "POST", "whip/r", SDP, WhipClient.offer("holdconn", "sendonly"), 400, ""),
                new Row("without BUNDLE", "POST", "whip/r", SDP, OFFER.replaceFirst("a=group.*\r\n", ""), 400, ""),
                new Row("too long", "POST", "whip/r", SDP, OFFER + "a=x\r\n".repeat(60_000), 413, ""),
                new Row(
                        "a fragment of another type",
                        "PATCH",
                        UNKNOWN,
                        SDP,
                        "a=x",
                        415,
                        "accept-patch: " + WhipClient.FRAGMENT),
                new Row("a fragment too long", "PATCH", UNKNOWN, FRAGMENT, "a=x\r\n".repeat(10_000), 413, ""),
                new Row("a foreign page", "POST", "whip/r", foreign, OFFER, 403, ""),
                new Row(
                        "a page that asks",
                        "OPTIONS",
                        "whip/r",
                        asking("http://localhost"),
                        "",
                        204,
                        "access-control-allow-origin: http://localhost"),
                new Row("a foreign page that asks", "OPTIONS", "whip/r", asking("https://evil.example"), "", 403, ""));
    }

    static Stream<Row> viewers() {
        String offer = WhipClient.offer("actpass", "recvonly");
        return Stream.of(
                new Row("GET of WHEP", "GET", "whep/r", Map.of(), "", 405, "allow: OPTIONS, POST"),
                new Row("GET of WHEP for a peer", "GET", "whep/r/p", Map.of(), "", 405, "allow: OPTIONS, POST"),
                new Row("nobody sends", "POST", "whep/r", SDP, offer, 409, "retry-after: 2"),
                new Row("nobody of that name", "POST", "whep/r/p", SDP, offer, 409, "retry-after: 2"),
                new Row("a viewer who sends", "POST", "whep/r", SDP, OFFER, 400, ""),
                new Row("no SDP of a viewer", "POST", "whep/r", SDP, "hello", 400, ""),
                new Row("a peer that cannot be", "POST", "whep/r/a%0Ab", SDP, offer, 400, ""),
                new Row("deeper in WHEP", "POST", "whep/a/b/c/d", SDP, offer, 404, ""),
                new Row("a viewer's session", "DELETE", "whep/r/sessions/x.y", Map.of(), "", 404, ""));
    }

    private static Map<String, String> asking(String origin) {
        return Map.of("Origin", origin, "Access-Control-Request-Method", "POST");
    }

    @ParameterizedTest
    @MethodSource({"rows", "bodies", "viewers"})
    void isAnsweredInWords(Row row) throws Exception {
        HttpResponse<String> answer = client.send(row.method, noir.http(row.path), row.headers, row.body);
        assertEquals(row.status, answer.statusCode(), answer.body());
        if (!row.named.isEmpty()) {
            String[] named = row.named.split(": ", 2);
            assertEquals(named[1], answer.headers().firstValue(named[0]).orElse(""));
        }
        if (row.status >= 400 && !row.method.equals("HEAD")) {
            assertTrue(answer.body().startsWith("{\"status\":" + row.status + ",\"detail\":\""), answer.body());
        }
    }

    @Test
    void aSessionBeginsAndEnds() throws Exception {
        HttpResponse<String> created = client.post(noir.http("whip/a%20room%2B?name=studio"), OFFER);
        assertEquals(201, created.statusCode(), created.body());
        assertEquals(
                "application/sdp", created.headers().firstValue("Content-Type").orElse(""));
        String location = created.headers().firstValue("Location").orElseThrow();
        assertTrue(location.matches("/whip/a%20room%2B/sessions/[\\w-]+\\.[\\w-]{22}"), location);
        assertTrue(WhipClient.tag(created).matches("\"[0-9a-f]{16}\""), WhipClient.tag(created));
        assertTrue(created.body().length() < 4096);
        assertTrue(created.body().contains("a=ice-lite\r\n") && created.body().contains("a=recvonly\r\n"));
        assertFalse(created.body().contains("m=application"));
        URI session = WhipClient.session(created);
        assertEquals(200, client.delete(session).statusCode());
        assertEquals(404, client.delete(session).statusCode());
    }

    @Test
    void iceServersAreToldToWhoIsLetIn() throws Exception {
        String stun = "<stun:stun.example.org>; rel=\"ice-server\"";
        String turn = "<turn:turn.example.org?transport=udp>; rel=\"ice-server\"; username=\"user\";"
                + " credential=\"secret\"; credential-type=\"password\"";
        HttpResponse<String> created = posted("servers", OFFER);
        assertEquals(List.of(stun, turn), created.headers().allValues("Link"));
        assertEquals(200, client.delete(WhipClient.session(created)).statusCode());
        HttpResponse<String> asked = client.send("OPTIONS", noir.http("whip/servers"), Map.of(), "");
        assertEquals(List.of(stun), asked.headers().allValues("Link"));
        HttpResponse<String> refused = client.post(noir.http("whip/servers"), "hello");
        assertEquals(List.of(), refused.headers().allValues("Link"));
    }

    @Test
    void theServerTakesTheRoleThatIsLeft() throws Exception {
        assertTrue(
                posted("roles", WhipClient.offer("actpass", "sendonly")).body().contains("a=setup:passive\r\n"));
        assertTrue(
                posted("roles", WhipClient.offer("active", "sendonly")).body().contains("a=setup:passive\r\n"));
        assertTrue(
                posted("roles", WhipClient.offer("passive", "sendonly")).body().contains("a=setup:active\r\n"));
    }

    private static HttpResponse<String> posted(String room, String offer) throws IOException, InterruptedException {
        HttpResponse<String> created = client.post(noir.http("whip/" + room), offer);
        assertEquals(201, created.statusCode(), created.body());
        return created;
    }

    @Test
    void candidatesAndNewCredentialsAreToldByTheTag() throws Exception {
        HttpResponse<String> created = posted("ice", OFFER);
        URI session = WhipClient.session(created);
        String trickle = WhipClient.candidates(WhipClient.UFRAG);
        Map<String, String> untold = Map.of("Content-Type", WhipClient.FRAGMENT);
        assertEquals(428, client.send("PATCH", session, untold, trickle).statusCode());
        assertEquals(412, client.patch(session, "\"other\"", trickle).statusCode());
        assertEquals(
                204, client.patch(session, WhipClient.tag(created), trickle).statusCode());
        assertEquals(400, client.patch(session, "*", "").statusCode());
        assertEquals(400, client.patch(session, "*", "a=ice-ufrag:abcd\r\n").statusCode());
        assertEquals(400, client.patch(session, "*", "a=candidate:nonsense\r\n").statusCode());

        HttpResponse<String> restarted = client.patch(session, "*", WhipClient.candidates("efgh"));
        assertEquals(200, restarted.statusCode(), restarted.body());
        assertEquals(
                WhipClient.FRAGMENT,
                restarted.headers().firstValue("Content-Type").orElse(""));
        assertNotEquals(WhipClient.tag(created), WhipClient.tag(restarted));
        String ufrag = line(created.body(), "a=ice-ufrag:");
        assertNotEquals(ufrag, line(restarted.body(), "a=ice-ufrag:"));
        assertTrue(restarted.body().contains("a=candidate:") && restarted.body().contains("a=end-of-candidates"));
        assertEquals(
                412, client.patch(session, WhipClient.tag(created), trickle).statusCode(), "the tag is an old one");
        assertEquals(
                204,
                client.patch(session, WhipClient.tag(restarted), WhipClient.candidates("efgh"))
                        .statusCode());
    }

    @Test
    void aViewerIsAnsweredWhenSomebodySends() throws Exception {
        HttpResponse<String> sender = client.post(noir.http("whip/seen?name=studio"), OFFER);
        String offer = WhipClient.offer("active", "recvonly");
        for (String path : new String[] {"whep/seen", "whep/seen/studio"}) {
            HttpResponse<String> created = client.post(noir.http(path), offer);
            assertEquals(201, created.statusCode(), created.body());
            assertTrue(
                    created.body().contains("a=sendonly\r\n") && created.body().contains("a=setup:passive\r\n"));
            URI session = WhipClient.session(created);
            assertTrue(session.getPath().startsWith("/whep/seen/sessions/"), session.getPath());
            HttpResponse<String> restarted = client.patch(session, "*", WhipClient.candidates("efgh"));
            assertEquals(200, restarted.statusCode(), restarted.body());
            assertEquals(200, client.delete(session).statusCode());
        }
        assertEquals(200, client.delete(WhipClient.session(sender)).statusCode());
    }

    private static String line(String sdp, String prefix) {
        return sdp.lines().filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
    }

    @Test
    void whoeverTakesTheNameTakesThePlace() throws Exception {
        URI older = WhipClient.session(client.post(noir.http("whip/taken?name=studio"), OFFER));
        URI newer = WhipClient.session(client.post(noir.http("whip/taken?name=studio"), OFFER));
        Deadline deadline = Deadline.in(Duration.ofSeconds(10));
        while (client.patch(older, "*", "a=mid:0\r\n").statusCode() != 404) {
            deadline.pause("the end of the older session");
        }
        assertEquals(200, client.delete(newer).statusCode());
    }
}
