package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who may administrate: whoever knows the token of {@link AdminToken}, and whom the server knows to be an administrator. Thread: any. */
public final class Administrators {
    private final AdminToken token;
    private final Predicate<Caller> named;
    private final BiPredicate<@Nullable String, @Nullable String> ownPages;

    /**
     * @param named whether a caller is an administrator
     * @param ownPages of Origin and Host: a browser sends its user's cookies with other sites' requests, too
     */
    public Administrators(
            AdminToken token, Predicate<Caller> named, BiPredicate<@Nullable String, @Nullable String> ownPages) {
        this.token = token;
        this.named = named;
        this.ownPages = ownPages;
    }

    AdminToken.Verdict check(HttpServletRequest request) {
        AdminToken.Verdict byToken = token.check(request.getHeader("Authorization"));
        if (byToken == AdminToken.Verdict.GRANTED) {
            return byToken;
        }
        Caller caller = visitor(request).caller();
        if (named.test(caller) && ownPages.test(request.getHeader("Origin"), request.getHeader("Host"))) {
            return AdminToken.Verdict.GRANTED;
        }
        return caller.isAnonymous() ? byToken : AdminToken.Verdict.FORBIDDEN;
    }

    static Visitor visitor(HttpServletRequest request) {
        return Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
    }

    /**
     * Somebody who stays.
     *
     * @param stillMay what he may is taken away from people, too
     */
    public record Entered(Visitor visitor, BooleanSupplier stillMay) {}

    /** Whether somebody may of whom this is known, and who shows this, which can be nothing. */
    public Optional<Entered> enter(Visitor visitor, String authorization) {
        if (token.check(authorization) == AdminToken.Verdict.GRANTED) {
            return Optional.of(new Entered(visitor, () -> true));
        }
        return named.test(visitor.caller())
                ? Optional.of(new Entered(visitor, () -> named.test(visitor.caller())))
                : Optional.empty();
    }

    /** Empty: he may not, and that has been answered. */
    public Optional<Entered> enter(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!AdminAnswers.isGranted(check(request), response)) {
            return Optional.empty();
        }
        Visitor visitor = visitor(request);
        boolean byToken = token.check(request.getHeader("Authorization")) == AdminToken.Verdict.GRANTED;
        return Optional.of(new Entered(visitor, () -> byToken || named.test(visitor.caller())));
    }
}
