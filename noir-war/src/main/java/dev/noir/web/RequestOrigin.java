package dev.noir.web;

import dev.noir.access.ForwardingHeader;
import dev.noir.access.Network;
import dev.noir.access.RemoteAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where requests are from, with what the proxies that we trust say of it. Thread: any. */
public final class RequestOrigin {
    private final List<Network> proxies;
    private final ForwardingHeader written;
    private final List<Network> insiders;

    /**
     * @param proxies whose word is taken
     * @param written the header in which they say where a request is from
     * @param insiders networks from which more may be seen
     */
    public RequestOrigin(List<Network> proxies, ForwardingHeader written, List<Network> insiders) {
        this.proxies = List.copyOf(proxies);
        this.written = written;
        this.insiders = List.copyOf(insiders);
    }

    public RemoteAddress of(HttpServletRequest request) {
        return RemoteAddress.of(
                request.getRemoteAddr(),
                values(request, ForwardingHeader.X_FORWARDED_FOR),
                values(request, ForwardingHeader.FORWARDED),
                proxies,
                written);
    }

    /** From a network whose people may see more, for certain. */
    public boolean isInside(HttpServletRequest request) {
        RemoteAddress address = of(request);
        return address.certain() && Network.anyContains(insiders, address.text());
    }

    /** From one of the proxies. */
    boolean isByProxy(HttpServletRequest request) {
        return Network.anyContains(proxies, request.getRemoteAddr());
    }

    /** As the client has sent it, also where a proxy has taken the encryption off. */
    boolean isSecure(HttpServletRequest request) {
        return request.isSecure()
                || (isByProxy(request) && "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")));
    }

    private static List<String> values(HttpServletRequest request, ForwardingHeader header) {
        @Nullable Enumeration<String> values = request.getHeaders(header.text());
        return values == null ? List.of() : Collections.list(values);
    }
}
