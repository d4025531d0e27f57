package dev.noir.room;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Those who watch a room's tracks. Thread: rooms. */
final class Watches {
    private record Watched(Recorder.RecordedTrack what, MediaTrack media) implements TrackWatch.WatchedTrack {
        @Override
        public MediaTap tap(MediaTap.Events listener) {
            return media.tap(listener);
        }
    }

    // State.
    private final Map<Track, Watched> tracks = new LinkedHashMap<>();
    private final Set<TrackWatch> watches = new LinkedHashSet<>();

    void begin(TrackWatch watch) {
        if (watches.add(watch)) {
            tracks.values().forEach(watch::onTrack);
        }
    }

    void end(TrackWatch watch) {
        watches.remove(watch);
    }

    /** Others are offered this track. */
    void added(Track track) {
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
        watches.clear();
        all.forEach(news);
    }
}
