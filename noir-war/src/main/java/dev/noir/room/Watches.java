package dev.noir.room;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Those who watch a room's tracks. Everybody in it is told that there are some. Thread: rooms. */
final class Watches {
    private record Watched(Recorder.RecordedTrack what, MediaTrack media) implements TrackWatch.WatchedTrack {
        @Override
        public MediaTap tap(MediaTap.Events listener) {
            return media.tap(listener);
        }
    }

    // Given.
    private final Room room;

    // State.
    private final Map<Track, Watched> tracks = new LinkedHashMap<>();
    private final Set<TrackWatch> watches = new LinkedHashSet<>();

    Watches(Room room) {
        this.room = room;
    }

    void begin(TrackWatch watch) {
        boolean first = watches.isEmpty();
        if (watches.add(watch)) {
            tracks.values().forEach(watch::onTrack);
        }
        if (first) { // Also as long as nothing is shown: what is, goes out.
            tell(true);
        }
    }

    void end(TrackWatch watch) {
        if (watches.remove(watch) && watches.isEmpty()) {
            tell(false);
        }
    }

    private void tell(boolean streamed) {
        room.peers().forEach(peer -> peer.link().notify(new Notification.StreamingChanged(streamed)));
    }

    /** A newcomer has to know. */
    void greet(Peer peer) {
        if (!watches.isEmpty()) {
            peer.link().notify(new Notification.StreamingChanged(true));
        }
    }

    /** Others are offered this track; what is played to those who wait is no part of the meeting. */
    void added(Track track) {
        if (track.isOfLobby()) {
            return;
        }
        Watched watched = new Watched(Recording.describe(track), track.media());
        if (tracks.putIfAbsent(track, watched) == null) {
            watches.forEach(watch -> watch.onTrack(watched));
        }
    }

    /** Nobody is offered it any more. */
    void removed(Track track) {
        Watched watched = tracks.remove(track);
        if (watched != null) {
            watches.forEach(watch -> watch.onTrackGone(watched));
        }
    }

    void moved() {
        tellLast(TrackWatch::onMoved);
    }

    void ended() {
        tellLast(TrackWatch::onEnded);
    }

    private void tellLast(Consumer<TrackWatch> news) {
        Set<TrackWatch> all = Set.copyOf(watches);
        all.forEach(this::end);
        all.forEach(news);
    }
}
