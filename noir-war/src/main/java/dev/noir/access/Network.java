package dev.noir.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Addresses that begin with the same bits (CIDR, RFC 4632 §3.1): {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address.
 * Immutable.
 */
public record Network(InetAddress first, int prefixLength) {

    /** Throws {@link IllegalArgumentException} whose message completes "'text' …". */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        InetAddress first = Addresses.literal(address)
                .orElseThrow(() -> new IllegalArgumentException("is not an address or a network like 10.0.0.0/8"));
        int bits = first.getAddress().length * Byte.SIZE;
        return new Network(first, slash < 0 ? bits : prefixLength(text.substring(slash + 1), bits));
    }

    private static int prefixLength(String text, int bits) {
        try {
            int length = Integer.parseInt(text);
            if (length >= 0 && length <= bits && Character.isDigit(text.charAt(0))) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("has no number of bits behind its slash", e);
        }
        throw new IllegalArgumentException("has not 0 to " + bits + " bits behind its slash");
    }

    public boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((mine[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** What is no address is in none. */
    public static boolean anyContains(List<Network> networks, String address) {
        Optional<InetAddress> literal = Addresses.literal(address);
        return literal.isPresent() && networks.stream().anyMatch(network -> network.contains(literal.get()));
    }
}
