package dev.noir.room;

import dev.noir.access.Addresses;
import dev.noir.access.Caller;
import java.time.Instant;

/**
 * Somebody is not to come into the room.
 *
 * @param id names it towards moderators
 * @param name the peer's, when it was banned
 * @param principal empty: it was anonymous
 * @param network where it came from; empty: unknown, or this machine, that is, perhaps a proxy
 */
public record Ban(String id, String name, String principal, String network, Instant until) {
    static Ban of(String id, PeerName name, Caller caller, Instant until) {
        return new Ban(id, name.value(), caller.principal(), network(caller.address()), until);
    }

    boolean isOver(Instant now) {
        return !until.isAfter(now);
    }

    /**
     * Whether it keeps this caller out. A principal is known by its name alone. Whoever is anonymous is known by where he
     * comes from, as one who was banned under his principal's name may try to come in without; and by his name, if the one
     * who was banned had no other.
     */
    boolean holdsFor(Caller caller, PeerName asking) {
        if (!caller.isAnonymous()) {
            return principal.equals(caller.principal());
        }
        boolean sameNetwork = !network.isEmpty() && network.equals(network(caller.address()));
        return sameNetwork || (principal.isEmpty() && name.equals(asking.value()));
    }

    /** The same for somebody who is known to have been in the room: others who come from there are not meant. */
    boolean holdsForReturning(Caller caller, PeerName asking) {
        return caller.isAnonymous()
                ? principal.isEmpty() && name.equals(asking.value()) && network.equals(network(caller.address()))
                : principal.equals(caller.principal());
    }

    /** What one subscriber of a network has; nothing for this machine, which may be a proxy, and for what is no address. */
    private static String network(String address) {
        return Addresses.literal(address)
                .filter(literal -> !literal.isLoopbackAddress())
                .map(literal -> Addresses.subscriber(address))
                .orElse("");
    }
}
