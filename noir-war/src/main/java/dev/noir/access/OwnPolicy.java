package dev.noir.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is laid down for one room alone, in the words of a policy file's section; what it does not say is as that room's policy says
 * otherwise. Immutable.
 *
 * @param text as it was written
 * @param roles who gets a grant, as far as it is said
 * @param creators who may open the room
 * @param anonymous the most that somebody without a name gets
 * @param lobby who joins waits
 */
public record OwnPolicy(
        String text,
        Map<Grant, RoleSet> roles,
        Optional<RoleSet> creators,
        Optional<Set<Grant>> anonymous,
        Optional<Boolean> lobby) {
    /** In characters. */
    public static final int MAX_LENGTH = 1024;

    /** Says nothing. */
    public static final OwnPolicy NONE =
            new OwnPolicy("", Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public OwnPolicy {
        roles = Map.copyOf(roles);
        anonymous = anonymous.map(Set::copyOf);
    }

    /**
     * Lines {@code key = value}: lists of roles, {@code create}, {@code anonymous} and {@code lobby}. Throws
     * {@link IllegalArgumentException} whose message has the line and what is wrong there.
     */
    public static OwnPolicy parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("longer than " + MAX_LENGTH + " characters");
        }
        try {
            return PolicyParser.parseOwn(text);
        } catch (PolicySyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public boolean isAny() {
        return !equals(NONE);
    }

    /** The room's policy with this laid over it. Who administers is not changed by it. */
    RoomPolicy over(RoomPolicy policy) {
        if (!isAny()) {
            return policy;
        }
        Map<Grant, RoleSet> all = new EnumMap<>(Grant.class);
        all.putAll(policy.roles());
        all.putAll(roles);
        return new RoomPolicy(
                all,
                creators.orElse(policy.creators()),
                anonymous.orElse(policy.anonymous()),
                lobby.orElse(policy.lobby()),
                policy.maxPeers(),
                policy.passwords());
    }
}
