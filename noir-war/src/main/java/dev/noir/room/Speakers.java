package dev.noir.room;

import dev.noir.access.Grant;
import dev.noir.sdp.MediaKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks in a room. The media plane finds it out, by numbers of streams; everybody is told, when it changes, under the
 * ids by which it knows the streams. Thread: rooms.
 */
final class Speakers {
    /** Named at once: nobody can tell more apart, and a message has to have an end. */
    private static final int MAX_NAMED = 100;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** The media plane does not listen to streams of this number: they are no speakers, and displace none of the loudest. */
    private static final int UNHEARD = 0;

    /** A stream of somebody's, under the id by which the others know it. */
    private record Speaker(Peer owner, String stream) {}

    // Given.
    private final Room room;

    // State.
    private int lastNumber;
    private List<Integer> found = List.of();
    private List<Speaker> speakers = List.of();
    private Scheduler.@Nullable Timer retry;

    Speakers(Room room) {
        this.room = room;
    }

    /** For a track that is about to be added, {@code own} being the others of its owner. */
    int number(Peer owner, String stream, Collection<Track> own) {
        if (owner.attends()) {
            return UNHEARD;
        }
        return own.stream()
                .filter(track -> track.published().streamId().equals(stream))
                .map(Track::stream)
                .findFirst()
                .orElseGet(() -> ++lastNumber);
    }

    /** What the media plane has found out. */
    void changed(List<Integer> streams) {
        found = streams;
        review();
    }

    /** It was some time ago: streams that nobody gets any more do not count. To be called when that has changed. */
    void review() {
        List<Speaker> now = found.stream()
                .flatMap(stream -> find(stream).stream())
                .limit(MAX_NAMED)
                .toList();
        if (!now.equals(speakers)) {
            speakers = now;
            tellAll();
        }
    }

    private Optional<Speaker> find(int stream) {
        return room.peers().stream()
                .flatMap(peer -> peer.ingress().tracks().stream())
                .filter(track -> track.stream() == stream
                        && track.published().kind() == MediaKind.AUDIO
                        && track.isOffered()
                        && !track.isSquelched())
                .findFirst()
                .map(track -> new Speaker(track.owner(), track.published().streamId()));
    }

    /** Everybody who would hear them, and so themselves. */
    private void tellAll() {
        cancelRetry();
        String forMost = message(null);
        List<MediaChannel> most = new ArrayList<>();
        for (Peer peer : room.peers()) {
            if (!mayKnow(peer)) {
                continue;
            }
            if (speaks(peer)) {
                tell(peer);
            } else {
                peer.egress().apiChannel().ifPresent(most::add);
            }
        }
        if (!most.isEmpty() && !room.media().send(most, false, forMost.getBytes(StandardCharsets.UTF_8))) {
            retry = room.schedule(RETRY, this::tellAll); // It may be the last change for long.
        }
    }

    private boolean speaks(Peer peer) {
        return speakers.stream().anyMatch(speaker -> speaker.owner() == peer);
    }

    private static boolean mayKnow(Peer peer) {
        return peer.rights().may(Grant.SUBSCRIBE);
    }

    /** To somebody who has been told nothing so far, and takes that for silence. */
    void greet(Peer peer) {
        if (!speakers.isEmpty()) {
            tell(peer);
        }
    }

    /** To somebody of whom it is not known what was said last. */
    void tell(Peer peer) {
        if (mayKnow(peer)) {
            peer.egress().send(message(peer));
        }
    }

    /** The peer's own streams are called what it calls them. */
    private String message(@Nullable Peer peer) {
        return room.context()
                .apiMessages()
                .audioLevels(speakers.stream()
                        .map(speaker -> speaker.owner() == peer
                                ? speaker.owner().ingress().ownStreamId(speaker.stream())
                                : speaker.stream())
                        .toList());
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    /** The room is about to close. */
    void stop() {
        cancelRetry();
    }
}
