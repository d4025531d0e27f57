package dev.noir.room;

import dev.noir.room.Notification.TracksChanged;
import dev.noir.room.Notification.TracksChanged.TrackInfo;
import dev.noir.sdp.Encoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells peers that have asked for it which tracks of others there are. Thread: rooms. */
final class TrackNews {
    private TrackNews() {}

    /** The tracks are there from now on, or no longer. */
    static void tell(Peer peer, boolean added, List<Track> tracks) {
        if (!peer.config().trackEvents()) {
            return;
        }
        Map<PeerName, List<TrackInfo>> byOwner = new LinkedHashMap<>();
        tracks.forEach(track -> byOwner.computeIfAbsent(track.owner().name(), name -> new ArrayList<>())
                .add(info(track)));
        byOwner.forEach((owner, infos) -> peer.link().notify(new TracksChanged(added, owner, infos)));
    }

    private static TrackInfo info(Track track) {
        List<String> rids =
                track.published().encodings().stream().map(Encoding::rid).toList();
        return new TrackInfo(
                track.published().trackId(),
                track.published().streamId(),
                track.medium(),
                track.published().screen(),
                rids.size() > 1 && !rids.contains("") ? rids : List.of());
    }
}
