package dev.noir.room;

import dev.noir.access.Caller;

/**
 * Whom something is laid down for: a principal, under whatever name it comes, or else a name.
 *
 * @param principal empty: the name counts
 * @param name of the peer; empty when there is a principal
 */
public record Subject(String principal, String name) {
    static Subject of(Caller caller, PeerName name) {
        return caller.isAnonymous() ? new Subject("", name.value()) : new Subject(caller.principal(), "");
    }
}
