package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.room.RoomException.Code;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a room's options ask: how many may come and send, and how long it lasts. Thread: rooms. */
final class Terms {
    // Given.
    private final Room room;
    private final Supplier<RoomOptions> laidDown;
    private final Runnable over;
    private final long openedNanos;

    // State. Volatile: written by the room, read by whoever asks what rooms are like.
    private volatile RoomOptions options;
    private Scheduler.@Nullable Timer end;

    /**
     * @param laidDown what is to hold now; may block
     * @param over to be done when the room's time is over
     */
    Terms(Room room, Supplier<RoomOptions> laidDown, Runnable over) {
        this.room = room;
        this.laidDown = laidDown;
        this.over = over;
        this.openedNanos = room.context().scheduler().nanoTime();
        this.options = laidDown.get();
    }

    /** The room is open. */
    void start() {
        end = timer(options);
    }

    /** Thread: any. */
    RoomOptions options() {
        return options;
    }

    /**
     * They may have changed. Who is in stays in, and who sends goes on: limits are for the next ones. Nothing has changed when
     * this throws, which it does when the room cannot be recorded.
     */
    void reload() {
        RoomOptions before = options;
        take(laidDown.get());
        if (options.record().equals(before.record())) {
            return;
        }
        try {
            room.recording().review();
        } catch (RoomException e) {
            take(before);
            throw e;
        }
    }

    private void take(RoomOptions next) {
        boolean otherEnd = !next.maxAge().equals(options.maxAge());
        options = next;
        if (otherEnd) {
            stop();
            end = timer(next);
        }
    }

    private Scheduler.@Nullable Timer timer(RoomOptions of) {
        if (!of.ends()) {
            return null;
        }
        Duration age = Duration.ofNanos(room.context().scheduler().nanoTime() - openedNanos);
        Duration left = of.maxAge().minus(age);
        return room.schedule(left.isNegative() ? Duration.ZERO : left, over);
    }

    /** The room is here no longer. */
    void stop() {
        if (end != null) {
            end.cancel();
            end = null;
        }
    }

    /** Throws when the room is full; who attends the lobby takes nobody's place. */
    void checkPlace(Caller caller) {
        if (!caller.attends() && room.members().size() >= options.maxPeers()) {
            throw new RoomException(Code.ROOM_FULL, "the room is full");
        }
    }

    /** Throws when the peer may not send these tracks. One that sends already keeps its place, whatever it changes. */
    void checkMayPublish(Peer peer, List<PublishedTrack> sending) {
        if (sending.isEmpty()) {
            return;
        }
        checkPlaceForPublisher(peer);
        long audio = sending.stream()
                .filter(track -> track.kind() == MediaKind.AUDIO)
                .count();
        if (options.channel() && (audio > 1 || sending.size() - audio > 1)) {
            throw new RoomException(
                    Code.INVALID, "error creating answer: a channel takes one audio and one video track");
        }
    }

    private void checkPlaceForPublisher(Peer peer) {
        int limit = options.publisherLimit();
        if (limit > 0 && !peer.attends() && publishersBeside(peer.name()) >= limit) {
            throw new RoomException(
                    Code.PUBLISHERS_FULL,
                    options.channel()
                            ? "the channel has a publisher already"
                            : "the room has as many publishers as it may have");
        }
    }

    /** The peer that has that name, which this one is about to replace, gives its place away. */
    private long publishersBeside(PeerName name) {
        return room.members().stream()
                .filter(other -> !other.name().equals(name) && other.publishes())
                .count();
    }

    /** Throws when with these rights it would become one publisher too many. */
    void checkMayBecomePublisher(Peer peer, Rights rights) {
        if (!peer.publishes() && peer.ingress().tracks().stream().anyMatch(track -> rights.may(track.grant()))) {
            checkPlaceForPublisher(peer);
        }
    }
}
