package dev.noir.restreaming;

import dev.noir.room.PeerName;
import dev.noir.room.TrackWatch.WatchedTrack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whose media is sent.
 *
 * @param peer empty: the first one that shows something
 * @param screen his screen instead of his camera
 */
public record Choice(Optional<PeerName> peer, boolean screen) {
    /**
     * A picture, and the sound of the same stream or else any of that peer; sound alone when that peer was asked for. Empty: there is
     * nothing to send.
     *
     * @param tracks in the order in which they came
     */
    List<WatchedTrack> of(Collection<WatchedTrack> tracks) {
        Optional<WatchedTrack> picture = first(
                tracks,
                track -> track.what().video()
                        && track.what().screen() == screen
                        && peer.map(track.what().peer()::equals).orElse(true));
        Optional<PeerName> whose = picture.map(track -> track.what().peer()).or(() -> screen ? Optional.empty() : peer);
        Predicate<WatchedTrack> isSound = track ->
                !track.what().video() && whose.map(track.what().peer()::equals).orElse(false);
        Optional<WatchedTrack> sound = picture.flatMap(shown ->
                        first(tracks, isSound.and(track -> track.what().stream().equals(shown.what().stream()))))
                .or(() -> first(tracks, isSound));
        List<WatchedTrack> chosen = new ArrayList<>();
        picture.ifPresent(chosen::add);
        sound.ifPresent(chosen::add);
        return chosen;
    }

    private static Optional<WatchedTrack> first(Collection<WatchedTrack> tracks, Predicate<WatchedTrack> wanted) {
        return tracks.stream().filter(wanted).findFirst();
    }
}
