package dev.noir.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses written by strangers. Nothing here asks the DNS. */
public final class Addresses {
    private static final int MAX_LENGTH = 64;
    private static final int SUBSCRIBER_BYTES = 8;
    private static final int SITE_BYTES = 6;

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private Addresses() {}

    /**
     * An address without brackets and port; a zone ({@code %eth0}) is left away, and an IPv4 address in the clothes of IPv6
     * ({@code ::ffff:192.0.2.1}) is IPv4. Empty for what is no literal.
     */
    public static Optional<InetAddress> literal(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int zone = text.indexOf('%');
        String address = zone < 0 ? text : text.substring(0, zone);
        boolean v6 = IPV6.matcher(address).matches();
        if (!v6 && (zone >= 0 || !IPV4.matcher(address).matches())) {
            return Optional.empty();
        }
        try {
            // In brackets it is an address or nothing.
            return Optional.of(InetAddress.getByName(v6 ? "[" + address + "]" : address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * What one subscriber of a network can call his own, as a key to count by: an IPv4 address, the first 64 bits of an IPv6
     * address (RFC 6177). What is no address is its own key.
     */
    public static String subscriber(String address) {
        return literal(address)
                .map(literal -> prefix(literal, SUBSCRIBER_BYTES))
                .orElse(address);
    }

    /** What one site is given at most (RFC 6177), as a key to count by: an IPv4 address, the first 48 bits of an IPv6 address. */
    public static String site(String address) {
        return literal(address).map(literal -> prefix(literal, SITE_BYTES)).orElse(address);
    }

    private static String prefix(InetAddress address, int bytes) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] prefix = Arrays.copyOf(address.getAddress(), bytes);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < prefix.length; i += 2) {
            text.append(Integer.toHexString(((prefix[i] & 0xFF) << 8) | (prefix[i + 1] & 0xFF)))
                    .append(':');
        }
        return text.append(":/").append(bytes * Byte.SIZE).toString();
    }
}
