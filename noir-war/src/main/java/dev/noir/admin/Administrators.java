package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BiPredicate;
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
        Caller caller = request.getAttribute(Visitor.ATTRIBUTE) instanceof Visitor visitor
                ? visitor.caller()
                : Caller.ANONYMOUS;
        if (named.test(caller) && ownPages.test(request.getHeader("Origin"), request.getHeader("Host"))) {
            return AdminToken.Verdict.GRANTED;
        }
        return caller.isAnonymous() ? byToken : AdminToken.Verdict.FORBIDDEN;
    }
}
