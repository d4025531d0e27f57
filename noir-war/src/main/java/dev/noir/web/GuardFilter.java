package dev.noir.web;

import dev.noir.access.FirstUse;
import dev.noir.access.HostRules;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * The first of all filters: refuses requests that call us by a name that is not ours with 421 (RFC 9110 §15.5.20), and tells browsers
 * what they may do with the answer. Thread: the container's.
 */
public class GuardFilter extends HttpFilter {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int MISDIRECTED = 421;

    /**
     * What the filter works with.
     *
     * @param hosts by which we may be called
     * @param origin where requests are from
     */
    public record Guard(HostRules hosts, RequestOrigin origin) {
        /** It calls us by a name of ours. */
        public boolean isOurs(HttpServletRequest request) {
            return hosts.allows(request.getHeader("Host"), request.getLocalAddr(), origin.isByProxy(request));
        }
    }

    private final transient FirstUse<Guard> guard;

    /** As the container makes it. */
    public GuardFilter() {
        this(() -> CDI.current().select(Guard.class).get());
    }

    GuardFilter(Supplier<Guard> lookup) {
        this.guard = new FirstUse<>(lookup);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Guard rules = guard();
        String host = request.getHeader("Host");
        SecurityHeaders.of(host, rules.origin().isSecure(request)).forEach(response::setHeader);
        boolean answered = request.getDispatcherType() == DispatcherType.ERROR;
        if (answered || isHealth(request) || rules.isOurs(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(MISDIRECTED);
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().println("This server is not known by that name: see noir.allowed-hosts.");
    }

    /** Balancers and orchestrators ask by whatever address they have; whoever asks so learns nothing there. */
    private static boolean isHealth(HttpServletRequest request) {
        return request.getServletPath().startsWith("/health/");
    }

    private Guard guard() {
        return guard.get();
    }
}
