package dev.noir.restreaming;

import dev.noir.access.Glob;
import dev.noir.access.Names;
import dev.noir.access.PublicAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which hosts may be sent to: none in our own network, which an administrator of rooms may not reach otherwise, and no others than
 * those that are listed if some are. Thread: any.
 *
 * @param hosts patterns of their names; empty: all
 * @param privately also hosts of our own network
 */
public record TargetRules(List<Glob> hosts, boolean privately) {
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
        Optional<InetAddress> hidden = privately ? Optional.empty() : PublicAddresses.other(addresses);
        if (hidden.isPresent()) {
            throw new RefusedException("this server sends to public addresses alone, and " + host + " is at "
                    + hidden.get().getHostAddress());
        }
        String first = addresses[0].getHostAddress();
        return addresses[0] instanceof Inet6Address ? "[" + first.replaceAll("%.*", "") + "]" : first;
    }
}
