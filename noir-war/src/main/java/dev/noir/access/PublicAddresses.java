package dev.noir.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Addresses that hosts of the Internet can have: none of our own network, which strangers must not reach through us. Thread: any. */
public final class PublicAddresses {
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

    private PublicAddresses() {}

    public static boolean contain(InetAddress address) {
        return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }

    /** The first that is none of them: of a host all are looked at, whichever is taken. */
    public static Optional<InetAddress> other(InetAddress... addresses) {
        return Stream.of(addresses).filter(address -> !contain(address)).findFirst();
    }
}
