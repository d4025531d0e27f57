package dev.noir.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * Who may see numbers and details of this node: whoever administrates it, and everybody in the networks of {@code
 * noir.admin.networks}. Thread: any.
 */
public final class Viewers {
    private final AdminToken token;
    private final Predicate<HttpServletRequest> inside;

    /** @param inside whether a request is from one of the networks */
    public Viewers(AdminToken token, Predicate<HttpServletRequest> inside) {
        this.token = token;
        this.inside = inside;
    }

    boolean include(HttpServletRequest request) {
        return inside.test(request) || token.check(request.getHeader("Authorization")) == AdminToken.Verdict.GRANTED;
    }
}
