package dev.noir.room;

import dev.noir.access.Pass;
import java.time.Instant;
import java.util.Set;

/**
 * An open room as a whole.
 *
 * @param node that hosts it
 * @param options in force, without the passwords
 * @param passwords which ones it has of its own
 * @param lobby who comes in waits
 * @param inLobby how many wait there, or are expected back there
 * @param recorded what is said and shown is recorded
 * @param opened when this host opened it
 */
public record RoomDescription(
        String node,
        RoomCounts counts,
        RoomOptions options,
        Set<Pass> passwords,
        boolean locked,
        boolean lobby,
        int inLobby,
        boolean recorded,
        Instant opened)
        implements ModerationResult {
    public RoomDescription {
        passwords = Set.copyOf(passwords);
    }
}
