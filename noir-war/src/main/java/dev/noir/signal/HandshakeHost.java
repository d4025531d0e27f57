package dev.noir.signal;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The Host header of the WebSocket handshake that the current thread is at: {@code checkOrigin} of an endpoint is told the
 * Origin alone. A listener, since no container answers a request without telling its listeners, while some stand before the
 * filters of web.xml (Jetty) or take more paths than those (Liberty). Thread: the container's.
 */
public class HandshakeHost implements ServletRequestListener {
    // A String of the JDK's: where it stays on a server's thread, no class of ours stays with it.
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        if (event.getServletRequest() instanceof HttpServletRequest request && request.getHeader("Upgrade") != null) {
            CURRENT.set(request.getHeader("Host"));
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        CURRENT.remove();
    }

    /** Null when this thread is at no handshake that the container has told of. */
    static @Nullable String current() {
        return CURRENT.get();
    }
}
