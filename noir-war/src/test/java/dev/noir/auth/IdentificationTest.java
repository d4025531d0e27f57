package dev.noir.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.FakeScheduler;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made of a request, in each mode. */
final class IdentificationTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final byte[] SECRET = "a secret of more than thirty-two bytes".getBytes(StandardCharsets.UTF_8);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final Logins logins = new Logins();
    private final OwnTokens own = new OwnTokens(scheduler::nanoTime, new Random(1));
    private final List<Standing.End> ends = new ArrayList<>();

    /** As the scheduler's. */
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return NOW.plusNanos(scheduler.nanoTime());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private Identification identification(AuthMode mode, boolean tokens) {
        TokenVerifier verifier = null;
        if (tokens) {
            TokenKeys keys = new TokenKeys(null, SECRET, scheduler, Runnable::run);
            TokenRules rules = new TokenRules("", List.of(), List.of("groups"), List.of("sub"), Duration.ZERO);
            verifier = new TokenVerifier(rules, keys, clock);
        }
        return new Identification(
                new Identification.Rules(
                        mode,
                        () -> Set.of("noir-user", "noir-admin"),
                        HttpServletRequest::getRemoteAddr,
                        verifier,
                        own),
                logins,
                clock,
                scheduler);
    }

    private static String token(String user, Instant expires) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(user)
                        .claim("groups", List.of("noir-user", "nobody-asks"))
                        .expirationTime(Date.from(expires))
                        .build());
        token.sign(new MACSigner(SECRET));
        return token.serialize();
    }

    private static Visitor found(Identification.Finding finding) {
        return assertInstanceOf(Identification.Found.class, finding).visitor();
    }

    /** Who presents what, and what comes of it: the name, "anonymous", the password of a room, or the refusal. */
    @ParameterizedTest
    @CsvSource({
        "OPEN,     true,  nothing,     anonymous",
        "OPEN,     true,  good token,  bob",
        "OPEN,     true,  bad token,   token refused",
        "OPEN,     false, bad token,   anonymous",
        "OPEN,     true,  alice:right, alice",
        "OPEN,     true,  alice:wrong, password wrong",
        "OPEN,     true,  any:letmein, password letmein",
        "OPEN,     true,  garbage,     anonymous",
        "OPEN,     true,  no token,    token refused",
        "OPEN,     true,  long token,  token refused",
        "OPEN,     true,  empty token, token refused",
        "OPEN,     false, no token,    anonymous",
        "OPTIONAL, true,  nothing,     anonymous",
        "OPTIONAL, true,  good token,  bob",
        "OPTIONAL, true,  bad token,   token refused",
        "OPTIONAL, false, good token,  token refused",
        "OPTIONAL, true,  alice:right, alice",
        "OPTIONAL, true,  alice:wrong, refused",
        "OPTIONAL, true,  any:letmein, refused",
        "OPTIONAL, true,  :letmein,    password letmein",
        "OPTIONAL, true,  garbage,     refused",
        "REQUIRED, true,  nothing,     anonymous",
        "REQUIRED, true,  good token,  bob",
        "REQUIRED, true,  bad token,   token refused",
        "REQUIRED, false, good token,  token refused",
        "REQUIRED, true,  alice:right, alice",
        "REQUIRED, true,  alice:wrong, refused",
        "OPTIONAL, false, no token,    token refused",
        "REQUIRED, true,  garbage,     refused"
    })
    void whatIsMadeOfIt(AuthMode mode, boolean tokens, String presented, String outcome) throws Exception {
        FakeRequest request = new FakeRequest();
        switch (presented) {
            case "nothing" -> {}
            case "good token" -> request.header("Authorization", "Bearer " + token("bob", NOW.plusSeconds(60)));
            case "bad token" -> request.header("Authorization", "bearer  a.b.c");
            case "no token" -> request.header("Authorization", "Bearer ");
            case "long token" -> request.header("Authorization", "Bearer " + "x".repeat(Credentials.MAX_LENGTH + 1));
            case "empty token" -> request.parameter("access_token", "");
            case "garbage" -> request.header("Authorization", "Basic !!!");
            default -> request.basic(presented);
        }
        assertEquals(outcome, told(identification(mode, tokens).of(request.request(), true)));
    }

    @ParameterizedTest
    @EnumSource
    void whoHasATokenOfThisNodeIsKnownWhetherOrNotOthersAreTaken(AuthMode mode) {
        FakeRequest request = new FakeRequest();
        request.header("Authorization", "Bearer " + own.give("bot", Set.of("noir-user")));
        for (boolean tokens : new boolean[] {true, false}) {
            Caller caller = found(identification(mode, tokens).of(request.request(), true))
                    .caller();
            assertEquals("bot", caller.principal());
            assertEquals(Set.of("noir-user"), caller.roles());
        }
    }

    /** Taken for nobody it would be let in, as somebody else. */
    @ParameterizedTest
    @EnumSource
    void aTokenOfThisNodeThatIsGoodNoLongerIsRefused(AuthMode mode) {
        FakeRequest request = new FakeRequest();
        request.header("Authorization", "Bearer " + own.giveAttendant("bot"));
        assertTrue(found(identification(mode, false).of(request.request(), true))
                .caller()
                .attends());
        scheduler.advance(OwnTokens.GOOD_FOR);
        for (boolean tokens : new boolean[] {true, false}) {
            assertEquals("token refused", told(identification(mode, tokens).of(request.request(), true)));
        }
    }

    private static String told(Identification.Finding finding) {
        if (finding instanceof Identification.TooMany) {
            return "too many";
        }
        if (finding instanceof Identification.Refused refused) {
            return refused.token() ? "token refused" : "refused";
        }
        Visitor visitor = found(finding);
        if (visitor.password().isGiven()) {
            assertTrue(visitor.caller().isAnonymous());
            return "password " + visitor.password().text();
        }
        return visitor.caller().name().orElse("anonymous");
    }

    @ParameterizedTest
    @EnumSource(AuthMode.class)
    void whomTheServerKnowsIsKnown(AuthMode mode) {
        Visitor visitor = found(
                identification(mode, true).of(new FakeRequest().of("carol").request(), true));

        assertEquals(new Caller("carol", Set.of("noir-user"), Caller.Means.CONTAINER, "192.0.2.1"), visitor.caller());
    }

    @Test
    void aTokenTellsTheRolesThatSomebodyAsksFor() throws Exception {
        FakeRequest request = new FakeRequest().parameter("access_token", token("bob", NOW.plusSeconds(60)));
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));

        assertEquals(new Caller("bob", Set.of("noir-user"), Caller.Means.TOKEN, "192.0.2.1"), visitor.caller());
    }

    /** Or a link would be enough to act as somebody else. */
    @Test
    void onlySocketsHaveCredentialsInTheirAddress() throws Exception {
        FakeRequest request = new FakeRequest()
                .parameter("access_token", token("bob", NOW.plusSeconds(60)))
                .parameter("password", "letmein");
        Visitor visitor = found(identification(AuthMode.OPTIONAL, true).of(request.request(), false));

        assertEquals(Visitor.STRANGER.caller().at("192.0.2.1"), visitor.caller());
        assertEquals(Password.NONE, visitor.password());
    }

    @Test
    void thePasswordOfARoomIsNotASecondName() {
        FakeRequest request = new FakeRequest().of("carol").parameter("password", "letmein");
        Visitor visitor = found(identification(AuthMode.OPEN, true).of(request.request(), true));

        assertEquals("carol", visitor.caller().principal());
        assertEquals("letmein", visitor.password().text());
        assertFalse(visitor.toString().contains("letmein"));
    }

    @Test
    void tooLongATokenIsNotEvenLookedAt() {
        FakeRequest request = new FakeRequest().parameter("access_token", "x".repeat(Credentials.MAX_LENGTH + 1));
        assertEquals(
                "token refused", told(identification(AuthMode.REQUIRED, true).of(request.request(), true)));
    }

    /** A program that logs in with each request must not fill the server with sessions; a session of a browser stays. */
    @Test
    void aLoginByPasswordLeavesNoSession() {
        FakeRequest program = new FakeRequest().basic("alice:right");
        found(identification(AuthMode.REQUIRED, true).of(program.request(), true));
        assertNotNull(program.session);
        assertTrue(program.session.ended);

        FakeRequest browser = new FakeRequest().basic("alice:right").in(new FakeRequest.FakeSession());
        found(identification(AuthMode.REQUIRED, true).of(browser.request(), true));
        assertFalse(browser.session.ended);
    }

    /** How often the realm is asked, of ten attempts and two more. */
    @ParameterizedTest
    @CsvSource({
        "alice:wrong,  alice:right, 192.0.2.9,  too many", // The user's are used up.
        "alice:wrong,  bob:x,       192.0.2.1,  too many", // The address's are.
        "ALICE:wrong,  alice:right, 192.0.2.9,  too many",
        "alice:wrong,  bob:x,       192.0.2.9,  refused",
        "alice:right,  alice:right, 192.0.2.1,  alice"
    })
    void theRealmIsNotAskedForeverAboutWrongPasswords(String often, String then, String address, String outcome) {
        Identification identification = identification(AuthMode.REQUIRED, false);
        for (int i = 0; i < LoginAttempts.WRONG_PER_WINDOW; i++) {
            identification.of(new FakeRequest().basic(often).request(), true);
        }
        FakeRequest last = new FakeRequest().from(address).basic(then);
        assertEquals(outcome, told(identification.of(last.request(), true)));
        assertEquals(outcome.equals("too many") ? 0 : 1, last.logins);

        scheduler.advance(Duration.ofMinutes(1));
        FakeRequest later = new FakeRequest().from(address).basic("alice:right");
        assertEquals("alice", told(identification.of(later.request(), true)));
    }

    @ParameterizedTest
    @EnumSource(AuthMode.class)
    void whatIsNoNameIsNotAskedFor(AuthMode mode) {
        for (String user : List.of("", "x".repeat(129))) {
            FakeRequest request = new FakeRequest().basic(user + ":letmein");
            String outcome = told(identification(mode, false).of(request.request(), true));
            boolean refused = mode == AuthMode.REQUIRED || (mode == AuthMode.OPTIONAL && !user.isEmpty());
            assertEquals(refused ? "refused" : "password letmein", outcome);
            assertEquals(0, request.logins);
        }
    }

    @Test
    void theEndOfTheSessionIsTheEnd() {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        Visitor visitor = found(identification(AuthMode.REQUIRED, false)
                .of(new FakeRequest().of("carol").in(session).request(), true));
        visitor.standing().whenOver(ends::add);
        logins.over(new FakeRequest.FakeSession().session());
        assertEquals(List.of(), ends, "somebody else's");
        logins.over(session.session());

        assertEquals(List.of(Standing.End.SESSION_OVER), ends);
        assertEquals(0, logins.size());
    }

    /** Or whoever is logged in could outlive his login by saying something about himself as well. */
    @ParameterizedTest
    @CsvSource({"token", "x", "Basic", "Bearer", "Negotiate"})
    void nothingThatIsSaidBesideASessionMakesItLast(String said) throws Exception {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        FakeRequest request = new FakeRequest().of("carol").in(session);
        switch (said) {
            case "token" -> request.parameter("access_token", token("x", NOW.plusSeconds(1_000_000)));
            case "x" -> request.parameter("access_token", "x");
            case "Basic" -> request.basic("alice:right");
            default -> request.header("Authorization", said + " x");
        }
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        logins.over(session.session());

        assertEquals(List.of(Standing.End.SESSION_OVER), ends);
        assertEquals(0, logins.size());
        assertEquals(0, scheduler.pending());
    }

    /** As with Open Liberty's LTPA, when the session has timed out meanwhile. */
    @Test
    void whoComesWithASingleSignOnGetsASessionToGoWith() {
        FakeRequest request = new FakeRequest().of("carol").header("Cookie", "LtpaToken2=x");
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        assertNotNull(request.session);
        logins.over(request.session.session());

        assertEquals(List.of(Standing.End.SESSION_OVER), ends);
    }

    @Test
    void whoShowsACertificateNeedsNoSession() {
        FakeRequest request = new FakeRequest()
                .of("carol", HttpServletRequest.CLIENT_CERT_AUTH)
                .header("Cookie", "theme=dark");
        found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        assertNull(request.session);
    }

    @Test
    void whoLogsInWithinASessionGoesWithIt() {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        FakeRequest request = new FakeRequest().basic("alice:right").in(session);
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        logins.over(session.session());

        assertEquals(List.of(Standing.End.SESSION_OVER), ends);
    }

    /** As of a server that verifies tokens itself and keeps who has shown one. */
    @Test
    void ofASessionAndItsTokenTheFirstToEndCounts() throws Exception {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        FakeRequest request = new FakeRequest()
                .of("carol", "OIDC")
                .in(session)
                .header("Authorization", "Bearer " + token("carol", NOW.plusSeconds(5)));
        Visitor visitor = found(identification(AuthMode.REQUIRED, false).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        scheduler.advance(Duration.ofSeconds(6));
        logins.over(session.session());

        assertEquals(List.of(Standing.End.TOKEN_EXPIRED), ends, "told once");
        assertEquals(0, logins.size());
    }

    /** The server knows him by his password: what else he shows nobody has looked at. */
    @Test
    void aTokenThatNobodyHasVerifiedEndsNothing() throws Exception {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        FakeRequest request =
                new FakeRequest().of("carol", "FORM").in(session).parameter("access_token", token("x", NOW));
        Visitor visitor = found(identification(AuthMode.REQUIRED, false).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        scheduler.advance(Duration.ofSeconds(6));

        assertEquals(List.of(), ends);
    }

    @Test
    void aSessionThatEndsDuringTheHandshakeIsNoticed() {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        Visitor visitor = found(identification(AuthMode.REQUIRED, false)
                .of(new FakeRequest().of("carol").in(session).request(), true));
        logins.over(session.session());
        session.ended = true;
        visitor.standing().whenOver(ends::add);

        assertEquals(List.of(Standing.End.SESSION_OVER), ends);
        assertEquals(0, logins.size());
    }

    @Test
    void whoHasGoneIsNotRemembered() {
        FakeRequest.FakeSession session = new FakeRequest.FakeSession();
        Visitor visitor = found(identification(AuthMode.REQUIRED, false)
                .of(new FakeRequest().of("carol").in(session).request(), true));
        visitor.standing().whenOver(ends::add).close();
        assertEquals(0, logins.size());
        logins.over(session.session());

        assertEquals(List.of(), ends);
    }

    @Test
    void theExpiryOfTheTokenIsTheEnd() throws Exception {
        FakeRequest request = new FakeRequest().parameter("access_token", token("bob", NOW.plusSeconds(3600)));
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        scheduler.advance(Duration.ofSeconds(3599));
        assertEquals(List.of(), ends);
        scheduler.advance(Duration.ofSeconds(1));

        assertEquals(List.of(Standing.End.TOKEN_EXPIRED), ends);
        assertEquals(0, scheduler.pending());
    }

    @Test
    void soIsThatOfATokenThatTheServerHasVerified() throws Exception {
        FakeRequest request =
                new FakeRequest().of("carol", "MP-JWT").parameter("access_token", token("x", NOW.plusSeconds(5)));
        Visitor visitor = found(identification(AuthMode.REQUIRED, false).of(request.request(), true));
        visitor.standing().whenOver(ends::add);
        scheduler.advance(Duration.ofSeconds(6));

        assertEquals(List.of(Standing.End.TOKEN_EXPIRED), ends);
    }

    @Test
    void nobodyWaitsForTheExpiryOfWhoHasGone() throws Exception {
        FakeRequest request = new FakeRequest().parameter("access_token", token("bob", NOW.plusSeconds(3600)));
        Visitor visitor = found(identification(AuthMode.REQUIRED, true).of(request.request(), true));
        visitor.standing().whenOver(ends::add).close();

        assertEquals(0, scheduler.pending());
    }

    @ParameterizedTest
    @CsvSource({"a.b.c", "''", "..", "a.bm90IGpzb24.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOjFlOTk5fQ.c"})
    void whatSaysNoExpiryHasNone(String token) {
        assertTrue(TokenExpiry.claimed(token).isEmpty());
    }
}
