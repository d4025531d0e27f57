package dev.noir.boot.launch;

import dev.noir.access.Addresses;
import dev.noir.access.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many of something each remote address has, against a limit; IPv6 addresses count by what one subscriber is given. Thread: any.
 */
final class AddressShares {
    /** Whoever is not counted. */
    static final String EXEMPT = "";

    // Given.
    private final int limit;
    private final List<Network> exempt;

    // Owned.
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /**
     * @param limit of each address; 0: none
     * @param exempt networks that are not counted, for all the world comes through them
     */
    AddressShares(int limit, List<Network> exempt) {
        this.limit = limit;
        this.exempt = List.copyOf(exempt);
    }

    /** Who counts for what this address takes. */
    String owner(InetAddress address) {
        boolean counts = limit > 0 && exempt.stream().noneMatch(network -> network.contains(address));
        return counts ? Addresses.subscriber(address.getHostAddress()) : EXEMPT;
    }

    /** One more, to be given back by {@link #give}; false: there are too many. */
    boolean tryTake(String owner) {
        if (owner.equals(EXEMPT)) {
            return true;
        }
        if (taken.merge(owner, 1, Integer::sum) <= limit) {
            return true;
        }
        give(owner);
        return false;
    }

    /** Gives back what {@link #tryTake} gave. */
    void give(String owner) {
        taken.computeIfPresent(owner, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** Addresses that have something. */
    int owners() {
        return taken.size();
    }
}
