package dev.noir.restreaming;

import dev.noir.access.Glob;
import dev.noir.access.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Which hosts may be sent to: none in our own network, which an administrator of rooms may not reach otherwise, and no others than
 * those that are listed if some are. Thread: any.
 *
 * @param hosts patterns of their names; empty: all
 * @param privately also hosts of our own network
 */
public record TargetRules(List<Glob> hosts, boolean privately) {
    // RFC 6890 and its successors in the registries: what no host of the Internet has, and what hides an address of
    // IPv4.
    private static final List<Network> NOT_PUBLIC = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/3",
                    "::/96",
                    "64:ff9b::/96",
                    "64:ff9b:1::/48",
                    "2001::/32",
                    "2002::/16",
                    "fc00::/7",
                    "fe80::/9",
                    "ff00::/8")
            .stream()
            .map(Network::parse)
            .toList();

    /** The DNS, or what a test has instead. */
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    public TargetRules {
        hosts = List.copyOf(hosts);
    }

    /**
     * Where a host is, as it stands in a URL. All its addresses have to be allowed, whichever is taken. Blocks.
     *
     * @throws RefusedException when it may not be sent to
     * @throws UnknownHostException when it has no address now
     */
    String find(String host, Names names) throws RefusedException, UnknownHostException {
        String name = host.toLowerCase(Locale.ROOT);
        if (!hosts.isEmpty() && hosts.stream().noneMatch(glob -> glob.matches(name))) {
            throw new RefusedException("this server does not send to " + host);
        }
        InetAddress[] addresses;
        try {
            addresses = names.resolve(host);
        } catch (UnknownHostException e) {
            throw new UnknownHostException("the host " + host + " is not known");
        }
        for (InetAddress address : addresses) {
            if (!privately && !isPublic(address)) {
                throw new RefusedException("this server sends to public addresses alone, and " + host + " is at "
                        + address.getHostAddress());
            }
        }
        String first = addresses[0].getHostAddress();
        return addresses[0] instanceof Inet6Address ? "[" + first.replaceAll("%.*", "") + "]" : first;
    }

    static boolean isPublic(InetAddress address) {
        return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }
}
