package dev.noir.access;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is kept of a room's passwords. Immutable.
 *
 * @param join of the one that opens the door
 * @param publish of the one that allows sending
 */
public record RoomHashes(Optional<PasswordHash> join, Optional<PasswordHash> publish) {
    public static final RoomHashes NONE = new RoomHashes(Optional.empty(), Optional.empty());

    /** From texts of which the empty one stands for no password. */
    public static RoomHashes parse(String join, String publish) {
        return new RoomHashes(parse(join), parse(publish));
    }

    private static Optional<PasswordHash> parse(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(PasswordHash.parse(text));
    }

    boolean isAny() {
        return join.isPresent() || publish.isPresent();
    }

    /** These, and where there is none the other ones. */
    public RoomHashes orElse(RoomHashes others) {
        return new RoomHashes(join.or(others::join), publish.or(others::publish));
    }

    /** Those that there are. */
    public Set<Pass> passes() {
        Set<Pass> passes = EnumSet.noneOf(Pass.class);
        for (Pass pass : Pass.values()) {
            if (has(pass)) {
                passes.add(pass);
            }
        }
        return passes;
    }

    boolean has(Pass pass) {
        return switch (pass) {
            case JOIN -> join.isPresent();
            case PUBLISH -> publish.isPresent();
            case INVITED -> false;
        };
    }
}
