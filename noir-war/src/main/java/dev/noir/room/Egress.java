package dev.noir.room;

import dev.noir.room.ModerationCommand.Subscribe.Choice;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end at which a peer receives. What is not overridden is what holds of one that has none: it takes nothing and is told nothing.
 * Thread: rooms.
 */
interface Egress {
    /** Of a peer that only sends. */
    Egress NONE = new Egress() {};

    /** @param tracks everything that is in the room already */
    default void start(List<Track> tracks) {}

    default void add(Track track) {}

    default void remove(Track track) {}

    /** Other tracks are for the peer than before, all at once. */
    default void exchange(List<Track> gone, List<Track> come) {
        gone.forEach(this::remove);
        come.forEach(this::add);
    }

    /** @param there what could be offered */
    default void choose(Choice choice, List<Track> there) {}

    /** The client has moved to another network, or thinks so. */
    default void restartIce() {}

    /**
     * The client's offer of this connection.
     *
     * @return our answer
     * @throws RoomException when it is refused, which leaves everything as it was
     */
    default String answer(String offer) {
        throw new RoomException(RoomException.Code.INVALID, "this connection is not yours to offer");
    }

    /**
     * The client's answer to our offer of this connection.
     *
     * @throws RoomException when none is wanted, or not this one
     */
    default void answered(String sdp) {
        throw new RoomException(RoomException.Code.INVALID, "nothing has been offered to you");
    }

    /** Data channels can be opened on it. */
    default boolean hasChannels() {
        return false;
    }

    /** Only where there can be channels. */
    default MediaChannel openChannel(String label) {
        throw new IllegalStateException("no channels here");
    }

    /** This peer's copies of one publisher's stream. */
    default List<DownTrack> downTracks(String streamId) {
        return List.of();
    }

    default Optional<MediaChannel> apiChannel() {
        return Optional.empty();
    }

    /** What it gets there; null: nothing. */
    default @Nullable Track track(String mid) {
        return null;
    }

    default CompletableFuture<Optional<MediaExplanation>> explain() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    default CompletableFuture<Optional<MediaSample>> sample() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Sends on the API channel, if there is one. */
    default void send(String apiMessage) {}

    default boolean isLive() {
        return false;
    }

    default void close() {}
}
