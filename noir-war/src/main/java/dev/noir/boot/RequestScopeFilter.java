package dev.noir.boot;

import dev.noir.access.FirstUse;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The request scope of servlets where our own Weld runs. Weld's way is a request listener, which servers do not call any more for
 * a request that is answered while noiR is undeployed: its thread would keep all of noiR. A filter always comes back. Where the
 * server has CDI it has a request scope, too. Thread: the container's.
 */
public class RequestScopeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient FirstUse<Instance<RequestContextController>> controllers =
            new FirstUse<>(() -> CDI.current().select(RequestContextController.class));

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // A WebSocket's request ends with its handshake, and nothing of it needs the scope.
        if (!CdiBoot.isBundled() || "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            chain.doFilter(request, response);
            return;
        }
        try (Instance.Handle<RequestContextController> handle =
                controllers.get().getHandle()) {
            RequestContextController scope = handle.get();
            try {
                scope.activate(); // And tells observers, who may throw.
                chain.doFilter(request, response);
            } finally {
                scope.deactivate(); // Does nothing where it was active before.
            }
        }
    }
}
