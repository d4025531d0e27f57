package dev.noir.signal;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Refuses WebSocket handshakes of foreign pages with 403. A filter, since the endpoint's own {@code checkOrigin} does not
 * see the Host header. It stands in web.xml: filters from there run before the container's own for WebSockets. Thread:
 * the container's.
 */
public class OriginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<OriginPolicy> policy;

    /** As the container makes it. */
    public OriginFilter() {
        this(() -> CDI.current().select(OriginPolicy.class).get());
    }

    OriginFilter(Supplier<OriginPolicy> policy) {
        this.policy = policy;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (policy.get().allows(request.getHeader("Origin"), request.getHeader("Host"))) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "This page's origin is not in noir.allowed-origins.");
        }
    }
}
