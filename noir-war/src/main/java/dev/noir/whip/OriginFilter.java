package dev.noir.whip;

import dev.noir.access.FirstUse;
import dev.noir.signal.OriginPolicy;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * Which pages may use WHIP and WHEP, by the same rule as sockets, and what they may read of the answers (CORS, the Fetch standard §3.2).
 * Before it is asked who comes: browsers ask beforehand, without credentials, and pages are to be able to read why they are refused.
 * Thread: the container's.
 */
public class OriginFilter extends HttpFilter {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String EXPOSED =
            "Accept-Patch, Accept-Post, ETag, Link, Location, Retry-After, WWW-Authenticate";
    private static final String SECONDS = "600"; // For which browsers remember what is allowed.

    private final transient FirstUse<OriginPolicy> policy;

    /** As the container makes it. */
    public OriginFilter() {
        this(() -> CDI.current().select(OriginPolicy.class).get());
    }

    OriginFilter(Supplier<OriginPolicy> lookup) {
        this.policy = new FirstUse<>(lookup);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String origin = request.getHeader("Origin");
        if (!policy().allows(origin, request.getHeader("Host"))) {
            WhipServlet.write(
                    response, Answer.problem(Answer.FORBIDDEN, "this page's origin is not in noir.allowed-origins"));
            return;
        }
        response.addHeader("Vary", "Origin");
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        }
        boolean asksBefore =
                request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
        if (asksBefore) {
            response.setHeader("Access-Control-Allow-Methods", "DELETE, OPTIONS, PATCH, POST");
            response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, traceparent");
            response.setHeader("Access-Control-Max-Age", SECONDS);
            WhipServlet.write(response, Answer.of(Answer.NO_CONTENT).with("Accept-Post", Answer.SDP));
        } else {
            chain.doFilter(request, response);
        }
    }

    private OriginPolicy policy() {
        return policy.get();
    }
}
