package dev.noir.room;

import dev.noir.access.Grants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What somebody with the grant {@code moderate} can ask of a room. docs/protocol.md. */
public sealed interface ModerationCommand {
    /** Whether no peer may ask for it, whatever its grants: it is for other parts of the server. */
    default boolean isManagement() {
        return false;
    }

    /** Whether a room that nobody hosts is opened for it, and closed again. */
    default boolean opens() {
        return false;
    }

    /** The room as a whole. Answered by a {@link RoomDescription}. */
    record Describe() implements ModerationCommand {
        @Override
        public boolean isManagement() {
            return true;
        }
    }

    /** What is laid down for the room in {@link RoomPlans} has changed. */
    record Reload() implements ModerationCommand {
        @Override
        public boolean isManagement() {
            return true;
        }
    }

    /**
     * Ends the room with everybody in it.
     *
     * @param reason for the peers; may be empty
     */
    record Close(String reason) implements ModerationCommand {
        @Override
        public boolean isManagement() {
            return true;
        }
    }

    /**
     * A node tells that a job of its own in the room has failed; also a room that is not open, which opens for it and closes.
     *
     * @param job node and number
     * @param kind what it was to do
     * @param failure why it has failed, in words
     */
    record JobHasFailed(String job, String kind, String failure) implements ModerationCommand {
        @Override
        public boolean isManagement() {
            return true;
        }

        @Override
        public boolean opens() {
            return true;
        }
    }

    /** Who is there, and what is in force. Answered by a {@link RoomReport}. */
    record Peers() implements ModerationCommand {}

    /**
     * What a peer's media is doing, and why. Answered by {@link ModerationResult.Explained}. A peer may ask that of itself
     * without any grant.
     *
     * @param peer empty: whoever asks, or everybody when it is not a peer
     */
    record Explain(Optional<PeerName> peer) implements ModerationCommand {}

    /**
     * What a peer wants to be offered, and how. A peer asks that for itself, without any grant to moderate.
     *
     * @param choices about one track each; the last one about a track counts
     */
    record Subscribe(List<Choice> choices) implements ModerationCommand {
        public Subscribe {
            choices = List.copyOf(choices);
        }

        /**
         * About one track.
         *
         * @param track its id, as others see it; it need not be there yet
         * @param subscribed whether it is to be offered
         * @param muted nothing of it is to be sent
         * @param layer the rid of the best encoding to be sent; empty, or none of its: any
         */
        public record Choice(String track, boolean subscribed, boolean muted, String layer) {}
    }

    /** Whether nobody comes in any more. */
    record Lock(boolean locked) implements ModerationCommand {}

    /** Whether who comes in from now on waits. */
    record Lobby(boolean enabled) implements ModerationCommand {}

    /** Whether what is said and shown is recorded from now on. */
    record RecordRoom(boolean enabled) implements ModerationCommand {}

    /** Lets a waiting peer in. */
    record Admit(PeerName peer) implements ModerationCommand {}

    /** @param reason for the peer; may be empty */
    record Kick(PeerName peer, String reason) implements ModerationCommand {}

    /**
     * Sends a peer to another room: it leaves this one, and is told where to join. The other room's door decides on it as on
     * anybody.
     */
    record Move(PeerName peer, RoomId to) implements ModerationCommand {}

    /**
     * Answered by {@link ModerationResult.Banned}.
     *
     * @param reason for the peer; may be empty
     */
    record Banish(PeerName peer, Duration time, String reason) implements ModerationCommand {
        public static final Duration MAX_TIME = Duration.ofDays(30);

        public Banish {
            if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(MAX_TIME) > 0) {
                throw new RoomException(RoomException.Code.INVALID, "a ban lasts 1 second to 30 days");
            }
        }
    }

    /** @param id of the ban */
    record Unban(String id) implements ModerationCommand {}

    /**
     * Stops or lets go a peer's media.
     *
     * @param medium empty: both
     * @param stream empty: all, to come ones too
     */
    record Squelch(boolean squelched, PeerName peer, Optional<Medium> medium, Optional<String> stream)
            implements ModerationCommand {}

    /** Stops the media of everybody but one, or ends that. */
    record SquelchOthers(boolean squelched, PeerName except, Optional<Medium> medium) implements ModerationCommand {}

    /** Gives a peer these grants instead of those it has. */
    record SetGrants(PeerName peer, Grants grants) implements ModerationCommand {}
}
