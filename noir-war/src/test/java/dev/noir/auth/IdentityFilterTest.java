package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.LateProof;
import dev.noir.room.FakeScheduler;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the filter asks the realm, and how often. */
final class IdentityFilterTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final List<Object> answered = new ArrayList<>();
    private final StringWriter words = new StringWriter();

    private final HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
            IdentityFilterTest.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "setStatus" -> answered.add(args[0]);
                case "getWriter" -> new PrintWriter(words, true);
                case "setHeader", "addHeader", "setContentType", "setCharacterEncoding" -> null;
                default -> throw new UnsupportedOperationException(method.toString());
            });

    private IdentityFilter filter(AuthMode mode) {
        Identification identification = new Identification(
                new Identification.Rules(
                        mode, Set::of, request -> "192.0.2.1", null, new OwnTokens(() -> 0, new Random())),
                new Logins(),
                Clock.systemUTC(),
                scheduler);
        return new IdentityFilter(() -> identification);
    }

    private static boolean passes(IdentityFilter filter, FakeRequest request, HttpServletResponse response)
            throws Exception {
        boolean[] passed = {false};
        filter.doFilter(request.request(), response, (asked, answer) -> passed[0] = true);
        return passed[0];
    }

    @ParameterizedTest
    @CsvSource({
        "/health/ready, EXACT,   0",
        "/nothing,      DEFAULT, 0",
        "/metrics,      EXACT,   1",
        "/auth/me,      EXACT,   1"
    })
    void theRealmIsAskedOnlyWhereItMatters(String path, MappingMatch match, int logins) throws Exception {
        for (AuthMode mode : AuthMode.values()) {
            FakeRequest request = new FakeRequest().to(path, match).basic("alice:right");
            assertTrue(passes(filter(mode), request, response));
            assertEquals(logins, request.logins, path);
        }
    }

    @ParameterizedTest
    @CsvSource({"/admin/, DEFAULT", "/admin/index.html, DEFAULT", "/admin/me, EXACT"})
    void theConsoleAsksByItselfWhoSomebodyIs(String path, MappingMatch match) throws Exception {
        assertTrue(passes(filter(AuthMode.REQUIRED), new FakeRequest().to(path, match), response));
    }

    @ParameterizedTest
    @EnumSource(AuthMode.class)
    void guessingIsRefusedInWords(AuthMode mode) throws Exception {
        IdentityFilter filter = filter(mode);
        for (int i = 0; i < LoginAttempts.WRONG_PER_WINDOW; i++) {
            passes(filter, new FakeRequest().to("/metrics", MappingMatch.EXACT).basic("alice:" + i), response);
        }
        answered.clear();
        FakeRequest next = new FakeRequest().to("/ws", MappingMatch.EXACT).basic("alice:right");

        assertFalse(passes(filter, next, response));
        assertEquals(List.of(429), answered);
        assertEquals(
                "Too many wrong passwords, try again later.", words.toString().strip());
        assertEquals(0, next.logins);
    }

    /** Browsers cannot send a header with the handshake: who it is can be said in the stream's first frame. */
    @ParameterizedTest
    @EnumSource(AuthMode.class)
    void whoOpensAStreamMayShowLaterWhoHeIs(AuthMode mode) throws Exception {
        FakeRequest request = new FakeRequest().to("/rtc.RTC/Signal", MappingMatch.PATH);

        assertTrue(passes(filter(mode), request, response));

        LateProof proof = (LateProof) request.attributes.get(LateProof.ATTRIBUTE);
        assertEquals(
                mode == AuthMode.REQUIRED ? "Please log in." : "",
                proof.prove("").refusal());
        String user = proof.prove("Basic YWxpY2U6cmlnaHQ=").refusal();
        assertEquals("User and password must come with the request.", user);
        String token = proof.prove("a.token").refusal();
        assertEquals(mode == AuthMode.OPEN ? "" : "Tokens are not taken here.", token);
        assertFalse(passes(filter(AuthMode.REQUIRED), new FakeRequest().to("/ws", MappingMatch.EXACT), response));
    }

    @Test
    void guessingAtPagesIsRefusedToo() throws Exception {
        IdentityFilter filter = filter(AuthMode.REQUIRED);
        for (int i = 0; i <= LoginAttempts.WRONG_PER_WINDOW; i++) {
            answered.clear();
            passes(
                    filter,
                    new FakeRequest().to("/gallery.html", MappingMatch.DEFAULT).basic("alice:" + i),
                    response);
        }

        assertEquals(List.of(429), answered);
    }
}
