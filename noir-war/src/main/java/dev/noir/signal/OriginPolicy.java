package dev.noir.signal;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may open the signalling socket. The browser's same-origin policy does not cover WebSockets, so the
 * server has to look (RFC 6455 §10.2). Thread: any.
 */
public final class OriginPolicy {
    private static final String ANY = "*";

    private final Set<String> allowed;

    /** @param allowed origins such as {@code https://example.org:8443} besides our own host's; "*" = all */
    public OriginPolicy(List<String> allowed) {
        this.allowed = allowed.stream().map(OriginPolicy::normalized).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param origin the Origin header; programs that are no browsers send none and are let in
     * @param host the Host header
     */
    public boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null || allowed.contains(ANY) || allowed.contains(normalized(origin))) {
            return true;
        }
        // The port is not compared: our pages and our signalling may stand on two ports of one host (7070 and 7000),
        // and
        // cookies do not tell ports apart either (RFC 6265 §8.5). Nor is the scheme, which a proxy may have changed.
        String page = hostOf(origin);
        return page != null && host != null && page.equals(hostOf("any://" + host));
    }

    private static String normalized(String origin) {
        String lower = origin.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static @Nullable String hostOf(String uri) {
        try {
            String host = new URI(uri).getHost();
            return host == null ? null : host.toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
