package dev.noir.access;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Decides by the policies in force. A function of those and of its arguments: the table of EntranceTableTest is its documentation. */
public final class RuledEntrance implements Entrance {
    private final Supplier<Policies> policies;
    private final boolean loginNeeded;

    /** @param loginNeeded nobody comes in without a name, whatever the policies say */
    public RuledEntrance(Supplier<Policies> policies, boolean loginNeeded) {
        this.policies = policies;
        this.loginNeeded = loginNeeded;
    }

    @Override
    public boolean hasLobby(String room) {
        return policies.get().of(room).lobby();
    }

    @Override
    public Verdict admit(Caller caller, String room, RoomFacts facts, Set<Pass> passes) {
        RoomPolicy policy = facts.own().over(policies.get().of(room));
        if (loginNeeded && caller.isAnonymous()) {
            return new Refused(Reason.LOGIN_NEEDED, "please log in");
        }
        Grants grants = grants(caller, policy, facts, passes);
        if (grants.has(Grant.ADMINISTER)) {
            return new Granted(grants, false);
        }
        Optional<Refused> refusal = refusal(caller, policy, facts, passes, grants);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return new Granted(grants, facts.lobby() && !grants.has(Grant.MODERATE) && !passes.contains(Pass.INVITED));
    }

    /** What he could do once he is in. Who moderates can give himself all that members have: so he has it. */
    private static Grants grants(Caller caller, RoomPolicy policy, RoomFacts facts, Set<Pass> passes) {
        if (policy.to(Grant.ADMINISTER).includes(caller)) {
            return Grants.of(EnumSet.allOf(Grant.class));
        }
        EnumSet<Grant> grants = EnumSet.noneOf(Grant.class);
        if (policy.to(Grant.MODERATE).includes(caller)) {
            grants.addAll(Grants.MEMBER.with(Grant.MODERATE).all());
        } else {
            Grants.MEMBER.all().stream()
                    .filter(grant -> policy.to(grant).includes(caller))
                    .forEach(grants::add);
            if (policy.asksFor(Pass.PUBLISH, facts)
                    && !passes.contains(Pass.PUBLISH)
                    && !passes.contains(Pass.INVITED)) {
                grants.removeAll(Grants.PUBLISHING);
            }
        }
        if (caller.isAnonymous()) {
            grants.retainAll(policy.anonymous());
        }
        if (passes.contains(Pass.INVITED)) {
            grants.add(Grant.JOIN);
        }
        return Grants.of(grants);
    }

    private static Optional<Refused> refusal(
            Caller caller, RoomPolicy policy, RoomFacts facts, Set<Pass> passes, Grants grants) {
        Optional<Instant> banned = facts.bannedUntil();
        if (banned.isPresent()) {
            return refused(Reason.BANNED, "banned until " + banned.get().truncatedTo(ChronoUnit.SECONDS));
        }
        if (!grants.has(Grant.JOIN)) {
            return refused(caller, policy.to(Grant.JOIN), "you may not join this room");
        }
        boolean moderates = grants.has(Grant.MODERATE);
        boolean invited = passes.contains(Pass.INVITED);
        // Whatever he has opens the door.
        if (!moderates && policy.asksFor(Pass.JOIN, facts) && passes.isEmpty()) {
            return refused(Reason.PASSWORD_NEEDED, "a password is needed");
        }
        if (!moderates && !invited && facts.locked()) {
            return refused(Reason.LOCKED, "the room is locked");
        }
        if (facts.fresh() && !invited && !policy.creators().includes(caller)) {
            return refused(caller, policy.creators(), "the room has not been opened yet");
        }
        if (policy.maxPeers() > 0 && facts.peers() >= policy.maxPeers()) {
            return refused(Reason.FULL, "the room is full");
        }
        return Optional.empty();
    }

    private static Optional<Refused> refused(Reason reason, String text) {
        return Optional.of(new Refused(reason, text));
    }

    /** Who has not said who he is may be one of those. */
    private static Optional<Refused> refused(Caller caller, RoleSet asked, String text) {
        return caller.isAnonymous() && asked.knowsSomebody()
                ? refused(Reason.LOGIN_NEEDED, "please log in")
                : refused(Reason.FORBIDDEN, text);
    }
}
