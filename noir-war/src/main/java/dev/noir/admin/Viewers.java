package dev.noir.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * Who may see numbers and details of this node: whoever administrates it, and everybody in the networks of {@code
 * noir.admin.networks}. Thread: any.
 */
public final class Viewers {
    private final Administrators administrators;
    private final Predicate<HttpServletRequest> inside;

    /** @param inside whether a request is from one of the networks */
    public Viewers(Administrators administrators, Predicate<HttpServletRequest> inside) {
        this.administrators = administrators;
        this.inside = inside;
    }

    boolean include(HttpServletRequest request) {
        return inside.test(request) || administrators.check(request) == AdminToken.Verdict.GRANTED;
    }
}
