package dev.noir.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * Who may see numbers and details of this node: whoever administrates it, and everybody in the networks of {@code
 * noir.admin.networks}, but no page that has come here by a name of its own: DNS rebinding makes it a neighbour. Thread: any.
 */
public final class Viewers {
    private final Administrators administrators;
    private final Predicate<HttpServletRequest> inside;
    private final Predicate<HttpServletRequest> ours;

    /**
     * @param inside whether a request is from one of the networks
     * @param ours whether it calls us by a name of ours
     */
    public Viewers(
            Administrators administrators, Predicate<HttpServletRequest> inside, Predicate<HttpServletRequest> ours) {
        this.administrators = administrators;
        this.inside = inside;
        this.ours = ours;
    }

    boolean include(HttpServletRequest request) {
        boolean may = inside.test(request) || administrators.check(request) == AdminToken.Verdict.GRANTED;
        return may && ours.test(request);
    }
}
