package dev.noir.signal;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses WebSocket handshakes of foreign pages with 403. It stands in web.xml: filters from there run before the container's
 * own for WebSockets, but for Jetty's. Where this filter is passed by, {@link SignalConfigurator} refuses; where both are
 * asked, this one's answer is the clearer. Thread: the container's.
 */
public class OriginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient Supplier<OriginPolicy> lookup;

    // Looked up once: CDI.current() walks the stack to find whose container is asked for. Any thread's.
    private transient volatile @Nullable OriginPolicy policy;

    /** As the container makes it. */
    public OriginFilter() {
        this(() -> CDI.current().select(OriginPolicy.class).get());
    }

    OriginFilter(Supplier<OriginPolicy> lookup) {
        this.lookup = lookup;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (policy().allows(request.getHeader("Origin"), request.getHeader("Host"))) {
            chain.doFilter(request, response);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "This page's origin is not in noir.allowed-origins.");
        }
    }

    /** With the first request: not every container has started CDI when it makes its filters. */
    private OriginPolicy policy() {
        OriginPolicy known = policy;
        if (known == null) {
            known = lookup.get();
            policy = known;
        }
        return known;
    }
}
