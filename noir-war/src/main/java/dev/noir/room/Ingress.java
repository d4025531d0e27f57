package dev.noir.room;

import dev.noir.access.Grant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end at which a peer sends. What is not overridden is what holds of one that has none: nothing comes of it. Thread: rooms.
 */
interface Ingress {
    /** Of a peer that only watches. */
    Ingress NONE = new Ingress() {};

    /** Said of what is offered and not granted. */
    String REFUSED = "you may not send this in this room";

    /**
     * What an offer has led to.
     *
     * @param answer for the client
     * @param iceRestarted the client has moved to another network, or thinks so
     * @param connected there is a connection that was not there before
     * @param refused what the client would have to be granted for the rest of its offer
     */
    record Outcome(
            String answer,
            List<Track> published,
            List<Track> unpublished,
            boolean iceRestarted,
            boolean connected,
            Set<Grant> refused) {

        /** Of an offer of another connection, on which nothing is sent. */
        static Outcome ofAnother(String answer) {
            return new Outcome(answer, List.of(), List.of(), false, false, Set.of());
        }
    }

    /**
     * Answers the client's offer of this connection.
     *
     * @throws RoomException when it is refused, which leaves everything as it was
     */
    default Outcome answer(String offer) {
        throw new RoomException(RoomException.Code.INVALID, "this connection is not yours to offer");
    }

    /**
     * The peer was in the room before this node hosted it.
     *
     * @param encodings what was learnt there of those that it sends
     */
    default void resume(List<LearnedEncoding> encodings) {}

    /** The peer is in the room, and has been answered. */
    default void start() {}

    /** Sends our candidates beside the answer. */
    default void trickle() {}

    /** In the order in which they were offered. */
    default Collection<Track> tracks() {
        return List.of();
    }

    /** What is sent there; null: nothing. */
    default @Nullable Track track(String mid) {
        return tracks().stream()
                .filter(track -> track.negotiated().mid().equals(mid))
                .findFirst()
                .orElse(null);
    }

    /** What the others call the stream that the client calls so; itself when it has no such stream. */
    default String wireStreamId(String own) {
        return tracks().stream()
                .filter(track -> track.negotiated().streamId().equals(own))
                .map(track -> track.published().streamId())
                .findFirst()
                .orElse(own);
    }

    /** The reverse. */
    default String ownStreamId(String wire) {
        return tracks().stream()
                .filter(track -> track.published().streamId().equals(wire))
                .map(track -> track.negotiated().streamId())
                .findFirst()
                .orElse(wire);
    }

    /** Empty where there is no connection, or none yet. */
    default CompletableFuture<Optional<MediaExplanation>> explain() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Empty as above. */
    default CompletableFuture<Optional<MediaSample>> sample() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    default boolean isLive() {
        return false;
    }

    default void close() {}
}
