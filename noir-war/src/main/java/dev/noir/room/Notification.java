package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import java.util.List;
import java.util.Set;

/** What the room tells a client on its own account, beside offers and candidates. docs/protocol.md. */
public sealed interface Notification {
    /**
     * What the client may do from now on.
     *
     * @param waiting it may do nothing of it before it is admitted
     */
    record GrantsChanged(Grants grants, boolean waiting) implements Notification {}

    /** These kinds of the client's media, or these streams, reach nobody any more, or do so again. */
    record SquelchChanged(boolean squelched, Set<Medium> media, Set<String> streams) implements Notification {
        public SquelchChanged {
            media = Set.copyOf(media);
            streams = Set.copyOf(streams);
        }
    }

    /**
     * Media that the client has offered is not taken.
     *
     * @param missing the grant that it would need
     */
    record Refused(Grant missing, String reason) implements Notification {}

    /**
     * For those who moderate: what is in force, and who waits.
     *
     * @param recordable the room can be recorded
     */
    record RoomChanged(boolean locked, boolean lobby, boolean recordable, List<Waiting> waiting)
            implements Notification {
        public RoomChanged {
            waiting = List.copyOf(waiting);
        }

        /** Of a room that cannot be recorded. */
        public RoomChanged(boolean locked, boolean lobby, List<Waiting> waiting) {
            this(locked, lobby, false, waiting);
        }
    }

    /** @param principal empty: he is anonymous */
    record Waiting(PeerName name, String principal) {}

    /**
     * Tracks of another peer are there, or no longer; for those that have asked to hear of it.
     *
     * @param uid of their owner
     */
    record TracksChanged(boolean added, PeerName uid, List<TrackInfo> tracks) implements Notification {
        public TracksChanged {
            tracks = List.copyOf(tracks);
        }

        /**
         * One of them, under the ids that others see.
         *
         * @param rids of its encodings, from the lowest quality on; empty: it has one, or they have no names
         */
        public record TrackInfo(String id, String stream, Medium medium, boolean screen, List<String> rids) {
            public TrackInfo {
                rids = List.copyOf(rids);
            }
        }
    }

    /**
     * The client leaves this room, is closed (4011), and may join that one.
     *
     * @param invitation to be shown there as a password; none: whoever has sent him cannot open that door
     */
    record SentTo(RoomId room, Password invitation) implements Notification {}

    /** {@link PeerLink#learned}, between nodes. */
    record EncodingLearned(LearnedEncoding encoding) implements Notification {}

    /** What the peer plays is there by now ({@link Connections#INJECTED}); no client hears of that. */
    record PlayingMoved(Playing now) implements Notification {}

    /**
     * What is said and shown in the room is recorded from now on, or no more.
     *
     * @param why it has ended without anybody wanting that; else empty
     */
    record RecordingChanged(boolean recorded, String why) implements Notification {}

    /** What is said and shown in the room goes out of it from now on, to people who are not in it, or no more. */
    record StreamingChanged(boolean streamed) implements Notification {}

    /** What the client has to show to take its name again. */
    record ResumeSecret(String secret) implements Notification {
        @Override
        public String toString() {
            return "ResumeSecret";
        }
    }
}
