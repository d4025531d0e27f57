package dev.noir.media;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The addresses to bind when none is configured: every one of an interface that is up, except loopback, link-local
 * (useless without the client's own zone index, RFC 4007 §6) and multicast; loopback when nothing else is there. IPv4
 * first: it is what most clients reach. Thread: any.
 */
final class DefaultAddresses {

    private DefaultAddresses() {}

    static List<InetAddress> find() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    found.addAll(Collections.list(each.getInetAddresses()));
                }
            }
        } catch (SocketException e) {
            throw new MediaException(ErrorCode.SYSTEM, "cannot list the network interfaces: " + e.getMessage(), e);
        }
        return choose(found);
    }

    static List<InetAddress> choose(List<InetAddress> found) {
        LinkedHashSet<InetAddress> chosen = new LinkedHashSet<>();
        found.stream()
                .filter(DefaultAddresses::reachable)
                .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .forEach(address -> chosen.add(withoutZone(address)));
        if (chosen.isEmpty()) {
            chosen.add(InetAddress.getLoopbackAddress());
        }
        return List.copyOf(chosen);
    }

    private static boolean reachable(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !address.isAnyLocalAddress();
    }

    private static InetAddress withoutZone(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new MediaException(ErrorCode.SYSTEM, "an address of the wrong length: " + address, e);
        }
    }
}
