package dev.noir.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By which names people may call this server. A page in a browser can reach any address under a name of its own by pointing that
 * name there (DNS rebinding), and the browser then takes us for a part of that page; the name that it sends gives it away.
 * Immutable.
 */
public final class HostRules {
    private static final int MAX_LENGTH = 262; // A name of 255 characters and a port.

    private final List<String> allowed;

    /** @param allowed names in lower case; {@code *.example.org} is all below; none at all: what cannot be such an attack */
    public HostRules(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /**
     * @param host the Host header; null: none, as no browser does it
     * @param local our own address of the connection
     * @param byProxy the connection is from a proxy that is trusted, which may well come over loopback
     */
    public boolean allows(@Nullable String host, String local, boolean byProxy) {
        if (host == null) {
            return allowed.isEmpty();
        }
        Optional<String> name = name(host);
        if (name.isEmpty()) {
            return false;
        }
        if (!allowed.isEmpty()) {
            return allowed.stream().anyMatch(pattern -> matches(pattern, name.get()));
        }
        if (byProxy || isLiteral(name.get()) || isLocal(name.get())) {
            return true;
        }
        // Without a list we cannot know our public names. But none of them leads to loopback.
        return Addresses.literal(local).filter(InetAddress::isLoopbackAddress).isEmpty();
    }

    private static boolean matches(String pattern, String name) {
        return pattern.startsWith("*.")
                ? name.length() >= pattern.length() && name.endsWith(pattern.substring(1))
                : name.equals(pattern);
    }

    private static boolean isLiteral(String name) {
        boolean brackets = name.startsWith("[");
        return Addresses.literal(brackets ? name.substring(1, name.length() - 1) : name)
                .isPresent();
    }

    /** RFC 6761 §6.3: no DNS is asked about these. */
    private static boolean isLocal(String name) {
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** Without the port and the dot of the root, in lower case; empty for what no browser sends. */
    public static Optional<String> name(String host) {
        if (host.length() > MAX_LENGTH || !host.chars().allMatch(HostRules::isOfHost)) {
            return Optional.empty();
        }
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        String name = end < 0 ? host : host.substring(0, end);
        String port = end < 0 ? "" : host.substring(end);
        boolean portFine =
                port.isEmpty() || (port.startsWith(":") && port.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return plain.isEmpty() || !portFine ? Optional.empty() : Optional.of(plain.toLowerCase(Locale.ROOT));
    }

    private static boolean isOfHost(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._:[]".indexOf(c) >= 0;
    }
}
