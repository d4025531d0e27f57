package dev.noir.access;

import java.util.Map;
import java.util.Set;

/**
 * Who may do what in a room, as laid down before anybody is in it. Immutable.
 *
 * @param roles who gets a grant; a grant that is missing nobody gets
 * @param creators who may open the room by joining it
 * @param anonymous the most that somebody without a name gets
 * @param lobby who joins waits until he is let in
 * @param maxPeers at the same time; 0: as everywhere
 * @param passwords asked of everybody who does not moderate
 */
public record RoomPolicy(
        Map<Grant, RoleSet> roles,
        RoleSet creators,
        Set<Grant> anonymous,
        boolean lobby,
        int maxPeers,
        RoomHashes passwords) {

    public RoomPolicy {
        roles = Map.copyOf(roles);
        anonymous = Set.copyOf(anonymous);
    }

    /** Nothing but roles. */
    public static RoomPolicy ofRoles(Map<Grant, RoleSet> roles, RoleSet creators) {
        return new RoomPolicy(roles, creators, Set.of(Grant.values()), false, 0, RoomHashes.NONE);
    }

    /** Whom this grant is given. */
    RoleSet to(Grant grant) {
        return roles.getOrDefault(grant, RoleSet.NOBODY);
    }

    /** A password is asked for, laid down here or in the room's own options. */
    boolean asksFor(Pass pass, RoomFacts facts) {
        return passwords.has(pass) || facts.passwords().contains(pass);
    }
}
