package dev.noir.web;

import dev.noir.access.HostRules;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What browsers are told about every answer. Pure. */
final class SecurityHeaders {
    // Pages load nothing from elsewhere and have no scripts or styles in them.
    private static final String POLICY =
            "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'self'; connect-src 'self'";

    private SecurityHeaders() {}

    /**
     * @param host the Host header
     * @param secure over https
     */
    static Map<String, String> of(@Nullable String host, boolean secure) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Security-Policy", POLICY + sockets(host));
        headers.put("X-Content-Type-Options", "nosniff");
        // Not no-referrer, with which browsers hide the origin of forms as well (Fetch, "append a request Origin
        // header").
        headers.put("Referrer-Policy", "same-origin");
        headers.put(
                "Permissions-Policy",
                "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()");
        if (secure) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        return headers;
    }

    /**
     * Signalling may stand on another port of the same host than the pages (7000 and 7070), and 'self' is this port alone, in some
     * browsers not even its WebSockets.
     */
    private static String sockets(@Nullable String host) {
        return host == null
                ? ""
                : HostRules.name(host)
                        .map(name -> " ws://" + name + ":* wss://" + name + ":*")
                        .orElse("");
    }
}
