package dev.noir.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What counts of a room when somebody wants to come in.
 *
 * @param fresh it is made for him: nobody is in it
 * @param peers how many are in it
 * @param locked nobody shall come in any more, but those who may moderate it
 * @param lobby who comes in waits, but those who may moderate it
 * @param bannedUntil he is not to come in before then
 * @param passwords those that the room's own options have
 * @param own policy, laid over that of the file
 */
public record RoomFacts(
        boolean fresh,
        int peers,
        boolean locked,
        boolean lobby,
        Optional<Instant> bannedUntil,
        Set<Pass> passwords,
        OwnPolicy own) {
    public RoomFacts {
        passwords = Set.copyOf(passwords);
    }

    /** Of a room that is made for the first to come. */
    public static final RoomFacts FRESH =
            new RoomFacts(true, 0, false, false, Optional.empty(), Set.of(), OwnPolicy.NONE);

    /**
     * For somebody who was in when the room's host died: whatever keeps others out, he has passed it.
     *
     * @param bannedUntil he is not to come back before then
     * @param passwords those that the room's own options have
     * @param own policy
     */
    public static RoomFacts returning(Optional<Instant> bannedUntil, Set<Pass> passwords, OwnPolicy own) {
        return new RoomFacts(false, 0, false, false, bannedUntil, passwords, own);
    }
}
