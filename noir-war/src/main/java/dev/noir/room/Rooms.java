package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Grants;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * All rooms of the cluster, for other parts of the server: what moderators can do on their sockets, without being in the room.
 * Calls return at once. A stage fails with a {@link RoomException}, whose code says why: NO_SUCH_PEER when there is no such
 * room, peer or ban, UNAVAILABLE when the room's host cannot be asked now. Thread: any; stages are completed on threads of
 * noiR's, which must not be kept waiting.
 *
 * <p>Nothing is refused for want of a grant: whoever has this object decides who may use it. {@code actor} is for the log,
 * in which every act is a line.
 */
public interface Rooms {
    /** The rooms that are open on this node. */
    List<RoomCounts> here();

    /** The same as a whole. */
    List<RoomDescription> described();

    /** Does it wherever the room is. */
    CompletionStage<ModerationResult> moderate(Caller actor, RoomId room, ModerationCommand command);

    /** Who is in a room, and what is in force there. */
    default CompletionStage<RoomReport> report(Caller actor, RoomId room) {
        return moderate(actor, room, new ModerationCommand.Peers()).thenApply(RoomReport.class::cast);
    }

    /**
     * What the media of a room's peers is doing, and why: estimates, layers with a sentence for each, losses, paths and keys.
     *
     * @param peer empty: all, up to some number
     * @return a tree of names and values, as docs/protocol.md says
     */
    default CompletionStage<Map<String, ?>> explain(Caller actor, RoomId room, Optional<PeerName> peer) {
        return moderate(actor, room, new ModerationCommand.Explain(peer))
                .thenApply(result -> ((ModerationResult.Explained) result).tree());
    }

    default CompletionStage<ModerationResult> lock(Caller actor, RoomId room, boolean locked) {
        return moderate(actor, room, new ModerationCommand.Lock(locked));
    }

    /** Whether who comes in from now on waits to be admitted. */
    default CompletionStage<ModerationResult> lobby(Caller actor, RoomId room, boolean enabled) {
        return moderate(actor, room, new ModerationCommand.Lobby(enabled));
    }

    /** Whether what is said and shown is recorded from now on. */
    default CompletionStage<ModerationResult> record(Caller actor, RoomId room, boolean enabled) {
        return moderate(actor, room, new ModerationCommand.RecordRoom(enabled));
    }

    default CompletionStage<ModerationResult> admit(Caller actor, RoomId room, PeerName peer) {
        return moderate(actor, room, new ModerationCommand.Admit(peer));
    }

    /** @param reason for the peer; may be empty */
    default CompletionStage<ModerationResult> kick(Caller actor, RoomId room, PeerName peer, String reason) {
        return moderate(actor, room, new ModerationCommand.Kick(peer, reason));
    }

    /** Sends a peer to another room, whoever hosts that: it leaves, and joins there if it follows and the door lets it in. */
    default CompletionStage<ModerationResult> move(Caller actor, RoomId room, PeerName peer, RoomId to) {
        return moderate(actor, room, new ModerationCommand.Move(peer, to));
    }

    /**
     * Keeps a peer that is there out.
     *
     * @param time at most {@link ModerationCommand.Banish#MAX_TIME}
     * @param reason for the peer; may be empty
     * @return the ban's id
     */
    default CompletionStage<String> ban(Caller actor, RoomId room, PeerName peer, Duration time, String reason) {
        return moderate(actor, room, new ModerationCommand.Banish(peer, time, reason))
                .thenApply(result -> ((ModerationResult.Banned) result).id());
    }

    default CompletionStage<ModerationResult> unban(Caller actor, RoomId room, String id) {
        return moderate(actor, room, new ModerationCommand.Unban(id));
    }

    /** @param medium empty: both */
    default CompletionStage<ModerationResult> squelch(
            Caller actor, RoomId room, PeerName peer, Optional<Medium> medium, boolean squelched) {
        return moderate(actor, room, new ModerationCommand.Squelch(squelched, peer, medium, Optional.empty()));
    }

    /** Everybody but one. */
    default CompletionStage<ModerationResult> squelchOthers(
            Caller actor, RoomId room, PeerName except, Optional<Medium> medium, boolean squelched) {
        return moderate(actor, room, new ModerationCommand.SquelchOthers(squelched, except, medium));
    }

    /** Instead of those that it has. */
    default CompletionStage<ModerationResult> setGrants(Caller actor, RoomId room, PeerName peer, Grants grants) {
        return moderate(actor, room, new ModerationCommand.SetGrants(peer, grants));
    }
}
