package dev.noir.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a request is from. What proxies say about it ({@code X-Forwarded-For}, {@code Forwarded} of RFC 7239) is believed from
 * those alone that the administrator trusts: reading from the right, the first hop that is none of them is the client. Only the
 * header that they write is read; the other one they pass on as the client has written it.
 *
 * @param text the address; empty: a proxy that is trusted has not told it, or not so that it can be believed
 * @param certain false also when somebody who is not trusted claims to be a proxy: then it is at best the address of that one
 */
public record RemoteAddress(String text, boolean certain) {
    private static final RemoteAddress UNKNOWN = new RemoteAddress("", false);

    // A chain of proxies that are all ours is short; what a stranger writes before it is not read.
    private static final int MAX_HOPS = 32;

    /**
     * @param peer of the connection
     * @param forwardedFor all values of X-Forwarded-For, in their order
     * @param forwarded all values of Forwarded, in their order
     * @param trusted the proxies
     * @param written by the proxies
     */
    public static RemoteAddress of(
            String peer,
            List<String> forwardedFor,
            List<String> forwarded,
            List<Network> trusted,
            ForwardingHeader written) {
        if (!Network.anyContains(trusted, peer)) {
            return new RemoteAddress(plain(peer), forwardedFor.isEmpty() && forwarded.isEmpty());
        }
        boolean old = written == ForwardingHeader.X_FORWARDED_FOR;
        List<String> told = old ? forwardedFor : forwarded;
        return told.isEmpty()
                ? new RemoteAddress(plain(peer), false)
                : client(told, trusted, old ? RemoteAddress::address : RemoteAddress::forwardedFor);
    }

    /** How an element of the header is read. */
    private interface Reader {
        Optional<InetAddress> read(String element);
    }

    private static RemoteAddress client(List<String> values, List<Network> trusted, Reader reader) {
        RemoteAddress last = UNKNOWN;
        int hops = 0;
        for (int i = values.size() - 1; i >= 0; i--) {
            String value = values.get(i);
            int end = value.length();
            while (end >= 0) {
                int comma = value.lastIndexOf(',', end - 1);
                Optional<InetAddress> hop =
                        reader.read(value.substring(comma + 1, end).strip());
                if (hop.isEmpty() || ++hops > MAX_HOPS) {
                    return UNKNOWN;
                }
                last = new RemoteAddress(hop.get().getHostAddress(), true);
                if (!isIn(trusted, hop.get())) {
                    return last;
                }
                end = comma;
            }
        }
        return last;
    }

    private static boolean isIn(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static String plain(String peer) {
        return Addresses.literal(peer).map(InetAddress::getHostAddress).orElse("");
    }

    /** The pair "for" of an element (RFC 7239 §4). */
    private static Optional<InetAddress> forwardedFor(String element) {
        Optional<InetAddress> address = Optional.empty();
        for (String pair : element.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0
                    && pair.substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("for")) {
                if (address.isPresent()) {
                    return Optional.empty();
                }
                address = address(unquoted(pair.substring(equals + 1).strip()));
                if (address.isEmpty()) {
                    return address;
                }
            }
        }
        return address;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]}, {@code [2001:db8::1]:80}. */
    private static Optional<InetAddress> address(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end > 0 && isPort(text.substring(end + 1))
                    ? Addresses.literal(text.substring(1, end))
                    : Optional.empty();
        }
        int colon = text.indexOf(':');
        boolean onlyOne = colon >= 0 && text.indexOf(':', colon + 1) < 0;
        if (onlyOne) {
            return isPort(text.substring(colon)) ? Addresses.literal(text.substring(0, colon)) : Optional.empty();
        }
        return Addresses.literal(text);
    }

    /** Nothing, or a colon and up to five digits. */
    private static boolean isPort(String text) {
        return text.isEmpty()
                || (text.startsWith(":")
                        && text.length() >= 2
                        && text.length() <= 6
                        && text.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
    }
}
