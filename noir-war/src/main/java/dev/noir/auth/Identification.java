package dev.noir.auth;

import dev.noir.access.Caller;
import dev.noir.access.LateProof;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.Scheduler;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who has sent a request. The server is asked first, whatever realm and way of logging in stands behind it; then a token
 * is verified, or user and password are given to the server's realm. Thread: any, the request's.
 */
public final class Identification {
    /** What a request has been found to be. */
    sealed interface Finding {}

    /** The visitor may be anonymous. */
    record Found(Visitor visitor) implements Finding {}

    /**
     * It says something that is not so.
     *
     * @param text for whoever sent it
     * @param token whether it was a token
     */
    record Refused(String text, boolean token) implements Finding {}

    /** Passwords have been wrong too often: nobody looks at this one. */
    record TooMany(String text) implements Finding {}

    /**
     * What the answers depend on.
     *
     * @param mode whom to ask
     * @param roles that anybody asks about: servers tell whether somebody is in a role, not in which roles he is
     * @param address of a request's sender
     * @param tokens null: none are taken
     * @param own those of this node
     */
    public record Rules(
            AuthMode mode,
            Supplier<Set<String>> roles,
            Function<HttpServletRequest, String> address,
            @Nullable TokenVerifier tokens,
            OwnTokens own) {}

    private static final Set<String> OTHER_WAYS = Set.of(
            HttpServletRequest.FORM_AUTH,
            HttpServletRequest.BASIC_AUTH,
            HttpServletRequest.DIGEST_AUTH,
            HttpServletRequest.CLIENT_CERT_AUTH);

    // Given.
    private final Rules rules;
    private final Logins logins;
    private final Clock clock;
    private final Scheduler scheduler;

    // Owned.
    private final LoginAttempts attempts;

    public Identification(Rules rules, Logins logins, Clock clock, Scheduler scheduler) {
        this.rules = rules;
        this.logins = logins;
        this.clock = clock;
        this.scheduler = scheduler;
        this.attempts = new LoginAttempts(scheduler::nanoTime);
    }

    public AuthMode mode() {
        return rules.mode();
    }

    /** @param opened by its address alone, as sockets and pages are: a token or a password of a room may stand there and nowhere else */
    Finding of(HttpServletRequest request, boolean opened) {
        return of(request, opened, true);
    }

    /** Somebody of whom nothing is known but where he is. */
    Visitor stranger(HttpServletRequest request) {
        return new Visitor(Caller.ANONYMOUS.at(rules.address().apply(request)), Password.NONE, Standing.LASTING);
    }

    /** Where it does not matter enough to ask the realm. */
    Finding withoutLogin(HttpServletRequest request) {
        return of(request, false, false);
    }

    /** For somebody who is nobody so far: by a token alone, for realms want to see a request. */
    public LateProof later(Visitor stranger) {
        String address = stranger.caller().address();
        return authorization -> {
            Credentials credentials = Credentials.later(authorization);
            Finding finding = found(stranger.caller(), stranger.password(), stranger.standing());
            if (credentials instanceof Credentials.Bearer bearer) {
                finding = ofToken(bearer.token(), address, stranger.password());
            } else if (credentials instanceof Credentials.Malformed) {
                finding = new Refused("Your credentials cannot be read.", true);
            } else if (credentials instanceof Credentials.Basic) {
                finding = new Refused("User and password must come with the request.", false);
            }
            if (finding instanceof Refused refused) {
                return new LateProof.Outcome(stranger, refused.text());
            }
            Visitor visitor = finding instanceof Found known ? known.visitor() : stranger;
            boolean unknown =
                    rules.mode() == AuthMode.REQUIRED && visitor.caller().isAnonymous();
            return new LateProof.Outcome(visitor, unknown ? "Please log in." : "");
        };
    }

    private Finding of(HttpServletRequest request, boolean opened, boolean logsIn) {
        Credentials credentials = Credentials.of(request, opened);
        String address = rules.address().apply(request);
        Password password = opened ? password(request) : Password.NONE;
        if (request.getUserPrincipal() != null) {
            if (opened && isKnownByCookie(request)) {
                request.getSession();
            }
            return found(ofContainer(request, address), password, standing(request, credentials));
        }
        if (credentials instanceof Credentials.Bearer bearer) {
            return ofToken(bearer.token(), address, password);
        }
        if (credentials instanceof Credentials.Basic basic && logsIn) {
            return ofPassword(request, basic, address, password);
        }
        if (credentials instanceof Credentials.Malformed malformed && isRefused(malformed)) {
            return new Refused("Your credentials cannot be read.", malformed.token());
        }
        return found(Caller.ANONYMOUS.at(address), password, Standing.LASTING);
    }

    /** As one that can be read and is not so. */
    private boolean isRefused(Credentials.Malformed credentials) {
        return rules.mode() != AuthMode.OPEN || (credentials.token() && rules.tokens() != null);
    }

    private static Finding found(Caller caller, Password password, Standing standing) {
        return new Found(new Visitor(caller, password, standing));
    }

    private static Password password(HttpServletRequest request) {
        String given = request.getParameter("password");
        return given == null ? Password.NONE : new Password(given);
    }

    private Caller ofContainer(HttpServletRequest request, String address) {
        Principal principal = request.getUserPrincipal();
        Set<String> roles =
                rules.roles().get().stream().filter(request::isUserInRole).collect(Collectors.toUnmodifiableSet());
        return new Caller(principal.getName(), roles, Caller.Means.CONTAINER, address);
    }

    /** Of whom the server knows: as long as his session, whatever else he says, and no longer than a token that it has verified. */
    private Standing standing(HttpServletRequest request, Credentials credentials) {
        Standing session = ofSession(request);
        if (!(credentials instanceof Credentials.Bearer bearer) || knowsByOtherThanToken(request)) {
            return session;
        }
        return TokenExpiry.claimed(bearer.token())
                .map(end -> session.and(new Expiry(end, clock, scheduler)))
                .orElse(session);
    }

    /**
     * With or without a session: a server's single sign-on (LTPA of Open Liberty, for one) has a cookie of its own, which knows its owner
     * longer than his session does. What he opens with it must end when he logs out, so it needs a session.
     */
    private static boolean isKnownByCookie(HttpServletRequest request) {
        return request.getHeader("Cookie") != null
                && request.getHeader("Authorization") == null
                && !HttpServletRequest.CLIENT_CERT_AUTH.equals(request.getAuthType());
    }

    private Standing ofSession(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? Standing.LASTING : logins.of(session);
    }

    /** Then the server has not looked at tokens: these are the ways of the servlet specification, and none of them reads one. */
    private static boolean knowsByOtherThanToken(HttpServletRequest request) {
        String way = request.getAuthType();
        return way != null && OTHER_WAYS.contains(way);
    }

    private Finding ofToken(String token, String address, Password password) {
        Optional<Caller> own = rules.own().caller(token, address);
        if (own.isPresent()) {
            return found(own.get(), password, Standing.LASTING);
        }
        if (OwnTokens.isOurs(token)) { // Taken for nobody, what is to be heard in the lobby would be heard in the room.
            return new Refused("This token is good no longer.", true);
        }
        TokenVerifier verifier = rules.tokens();
        if (verifier == null) {
            return rules.mode() == AuthMode.OPEN
                    ? found(Caller.ANONYMOUS.at(address), password, Standing.LASTING)
                    : new Refused("Tokens are not taken here.", true);
        }
        try {
            TokenVerifier.Verified verified = verifier.verify(token);
            Set<String> roles = new HashSet<>(verified.roles());
            roles.retainAll(rules.roles().get());
            Caller caller = new Caller(verified.name(), roles, Caller.Means.TOKEN, address);
            return found(caller, password, new Expiry(verified.expires(), clock, scheduler));
        } catch (TokenRefused e) {
            return new Refused(String.valueOf(e.getMessage()), true);
        }
    }

    /**
     * The realm decides. Where nobody has to log in, a password that it does not know may be a room's: in {@code open} mode with any
     * name, in {@code optional} without one, for there who gives a name logs in and must hear that it has failed.
     */
    private Finding ofPassword(HttpServletRequest request, Credentials.Basic basic, String address, Password password) {
        if (LoginAttempts.isName(basic.user())) {
            if (attempts.areUsedUp(address, basic.user())) {
                return new TooMany("Too many wrong passwords, try again later.");
            }
            boolean hadSession = request.getSession(false) != null;
            Optional<Caller> known = login(request, basic).map(done -> ofContainer(request, address));
            if (!hadSession) {
                forgetSession(request);
            }
            if (known.isPresent()) {
                return found(known.get(), password, hadSession ? ofSession(request) : Standing.LASTING);
            }
            attempts.wrong(address, basic.user());
        }
        boolean logsIn =
                switch (rules.mode()) {
                    case OPEN -> false;
                    case OPTIONAL -> !basic.user().isEmpty();
                    case REQUIRED -> true;
                };
        if (logsIn) {
            return new Refused("User name or password is wrong.", false);
        }
        Password ofRoom = password.isGiven() ? password : new Password(basic.password());
        return found(Caller.ANONYMOUS.at(address), ofRoom, Standing.LASTING);
    }

    private static Optional<Principal> login(HttpServletRequest request, Credentials.Basic basic) {
        try {
            request.login(basic.user(), basic.password());
            return Optional.ofNullable(request.getUserPrincipal());
        } catch (ServletException e) {
            return Optional.empty(); // Not known, or this server has no realm.
        }
    }

    /** Some servers begin a session at each login; one for each request of a program would stay for half an hour. */
    private static void forgetSession(HttpServletRequest request) {
        HttpSession begun = request.getSession(false);
        if (begun != null) {
            begun.invalidate();
        }
    }
}
