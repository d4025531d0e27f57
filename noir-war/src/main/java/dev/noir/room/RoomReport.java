package dev.noir.room;

import dev.noir.access.Grants;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Who is in a room, and what moderators have laid down there.
 *
 * @param peers in the order of joining
 * @param bans those in force
 */
public record RoomReport(boolean locked, boolean lobby, List<PeerReport> peers, List<BanReport> bans)
        implements ModerationResult {
    public RoomReport {
        peers = List.copyOf(peers);
        bans = List.copyOf(bans);
    }

    /** @param principal empty: it was anonymous */
    public record BanReport(String id, String name, String principal, Instant until) {}

    /**
     * One peer.
     *
     * @param principal empty: it is anonymous
     * @param waiting it is in the lobby
     * @param grants what it may, or could once admitted
     * @param squelched kinds of its media that reach nobody
     * @param attends it is there for those who wait, and nobody in the meeting
     */
    public record PeerReport(
            PeerName name,
            String principal,
            boolean waiting,
            Grants grants,
            Set<Medium> squelched,
            List<StreamReport> streams,
            boolean attends) {
        /** One of the meeting. */
        public PeerReport(
                PeerName name,
                String principal,
                boolean waiting,
                Grants grants,
                Set<Medium> squelched,
                List<StreamReport> streams) {
            this(name, principal, waiting, grants, squelched, streams, false);
        }

        public PeerReport {
            squelched = Set.copyOf(squelched);
            streams = List.copyOf(streams);
        }
    }

    /**
     * What a peer sends under one stream id of one kind.
     *
     * @param squelched it reaches nobody
     */
    public record StreamReport(String id, Medium medium, boolean screen, boolean squelched) {}
}
