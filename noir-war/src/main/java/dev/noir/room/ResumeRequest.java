package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Pass;
import java.util.List;
import java.util.Set;

/**
 * A peer that was in the room when its host died, brought back by the node that has its socket: its connections exist in the
 * browser, so they must be continued.
 *
 * @param room the room, made again if need be
 * @param peer its name there
 * @param config as it joined
 * @param offer the last subscriber offer the client was sent; empty: it got none
 * @param answer the client's last subscriber answer, perhaps to an earlier offer; empty: it gave none
 * @param caller who it is
 * @param passes what the password it joined with was found to open
 * @param encodings what was learnt of those it sends
 */
public record ResumeRequest(
        RoomId room,
        PeerName peer,
        JoinConfig config,
        String offer,
        String answer,
        Caller caller,
        Set<Pass> passes,
        List<LearnedEncoding> encodings) {

    public ResumeRequest {
        passes = Set.copyOf(passes);
        encodings = List.copyOf(encodings);
    }

    /** Of one whose encodings say themselves what they are. */
    public ResumeRequest(
            RoomId room,
            PeerName peer,
            JoinConfig config,
            String offer,
            String answer,
            Caller caller,
            Set<Pass> passes) {
        this(room, peer, config, offer, answer, caller, passes, List.of());
    }

    /** The same, of somebody else. */
    public ResumeRequest by(Caller other) {
        return new ResumeRequest(room, peer, config, offer, answer, other, passes, encodings);
    }
}
