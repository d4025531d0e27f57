package dev.noir.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/** Everybody may come in; those in the roles {@code noir-moderator} and {@code noir-admin} may do more. */
public final class OpenEntrance implements Entrance {
    static final String MODERATOR = "noir-moderator";
    static final String ADMINISTRATOR = "noir-admin";

    @Override
    public Verdict admit(Caller caller, String room, RoomFacts facts, Set<Pass> passes) {
        Grants grants = grants(caller);
        boolean privileged = grants.has(Grant.MODERATE);
        Optional<Instant> banned = facts.bannedUntil();
        if (banned.isPresent() && !grants.has(Grant.ADMINISTER)) {
            return new Refused(Reason.BANNED, "banned until " + banned.get().truncatedTo(ChronoUnit.SECONDS));
        }
        if (facts.locked() && !privileged) {
            return new Refused(Reason.LOCKED, "the room is locked");
        }
        return new Granted(grants, facts.lobby() && !privileged);
    }

    private static Grants grants(Caller caller) {
        Grants grants = Grants.MEMBER;
        if (caller.roles().contains(ADMINISTRATOR)) {
            return grants.with(Grant.MODERATE).with(Grant.ADMINISTER);
        }
        return caller.roles().contains(MODERATOR) ? grants.with(Grant.MODERATE) : grants;
    }
}
