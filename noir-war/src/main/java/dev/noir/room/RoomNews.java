package dev.noir.room;

import dev.noir.event.JobFailed;
import dev.noir.event.PeerGranted;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.PeerMoved;
import dev.noir.event.PeerSquelched;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomLocked;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.RoomRecorded;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
import dev.noir.sdp.PublishedTrack;
import java.util.Locale;
import java.util.stream.Collectors;

/** What one room has to tell, numbered. Thread: rooms. */
final class RoomNews {
    // Given.
    private final String room;
    private final RoomEvents events;

    // State.
    private long sequence;

    RoomNews(RoomId room, RoomEvents events) {
        this.room = room.value();
        this.events = events;
    }

    void opened() {
        events.happened(new RoomOpened(room, ++sequence));
    }

    void closed() {
        events.happened(new RoomClosed(room, ++sequence));
    }

    void moved() {
        events.happened(new RoomMoved(room, ++sequence));
    }

    void joined(Peer peer) {
        events.happened(new PeerJoined(room, ++sequence, peer.name().value(), principal(peer)));
    }

    void left(Peer peer) {
        events.happened(new PeerLeft(room, ++sequence, peer.name().value(), principal(peer)));
    }

    void sentTo(Peer peer, RoomId to) {
        events.happened(new PeerMoved(room, ++sequence, peer.name().value(), principal(peer), to.value()));
    }

    void published(Track track) {
        Peer peer = track.owner();
        events.happened(new TrackPublished(
                room, ++sequence, peer.name().value(), principal(peer), described(track.published())));
    }

    void unpublished(Track track) {
        Peer peer = track.owner();
        events.happened(new TrackUnpublished(
                room, ++sequence, peer.name().value(), principal(peer), described(track.published())));
    }

    void locked(boolean locked) {
        events.happened(new RoomLocked(room, ++sequence, locked));
    }

    void recorded(boolean recorded) {
        events.happened(new RoomRecorded(room, ++sequence, recorded));
    }

    void jobFailed(ModerationCommand.JobHasFailed told) {
        events.happened(new JobFailed(room, ++sequence, told.job(), told.kind(), told.failure()));
    }

    void granted(Peer peer) {
        Rights rights = peer.rights();
        events.happened(new PeerGranted(
                room,
                ++sequence,
                peer.name().value(),
                principal(peer),
                rights.grants().wire(),
                rights.waiting()));
    }

    void squelched(Peer peer) {
        Rights rights = peer.rights();
        events.happened(new PeerSquelched(
                room,
                ++sequence,
                peer.name().value(),
                principal(peer),
                rights.squelched().stream()
                        .map(medium -> medium.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                rights.squelchedStreams()));
    }

    private static String principal(Peer peer) {
        return peer.caller().principal();
    }

    private static dev.noir.event.Track described(PublishedTrack track) {
        return new dev.noir.event.Track(
                track.streamId(), track.trackId(), track.kind().sdpName());
    }
}
