package dev.noir.room;

import dev.noir.sdp.Encoding;
import dev.noir.sdp.MediaKind;
import java.util.List;
import java.util.stream.IntStream;

/** Carries out what clients ask for on the API channel (docs/protocol.md). Thread: rooms. */
final class LayerControl {
    private LayerControl() {}

    static void handle(Room room, Peer from, ApiMessage message) {
        if (message instanceof ApiMessage.Understands understood) {
            understands(room, from, understood);
        } else if (message instanceof ApiMessage.ReceiverControl wish) {
            from.egress().downTracks(wish.streamId()).forEach(downTrack -> downTrack.control(wish));
        } else if (message instanceof ApiMessage.PublisherControl sent) {
            if (!from.rights().waiting()) {
                restrict(room, from, sent);
            }
        } else if (message instanceof ApiMessage.Wishes asked
                && from.mayWish(asked.wishes().size())) {
            asked.wishes().forEach(one -> from.egress().downTracks(one.streamId()).stream()
                    .filter(downTrack -> one.trackId() == null
                            || downTrack.track().published().trackId().equals(one.trackId()))
                    .forEach(downTrack -> downTrack.show(one)));
        }
    }

    /** From now on the peer hears which of its encodings nobody takes. */
    private static void understands(Room room, Peer peer, ApiMessage.Understands understood) {
        peer.understandsWantedLayers(understood.wantedLayers());
        if (understood.wantedLayers()) {
            peer.ingress().tracks().stream()
                    .filter(Track::isKnownWanted)
                    .forEach(track -> tellWanted(room, peer, track));
        }
    }

    /** The media plane has news of which encodings somebody takes. */
    static void layersWanted(Room room, Peer publisher, Track track, int encodings) {
        track.wanted(encodings);
        if (publisher.understandsWantedLayers()) {
            tellWanted(room, publisher, track);
        }
    }

    private static void tellWanted(Room room, Peer publisher, Track track) {
        List<String> rids =
                track.negotiated().encodings().stream().map(Encoding::rid).toList();
        if (rids.size() > 1 && rids.contains("")) {
            return; // By SSRCs alone: there is no name for them.
        }
        List<String> wanted = IntStream.range(0, rids.size())
                .filter(track::isWanted)
                .mapToObj(rids::get)
                .toList();
        String message = room.context()
                .apiMessages()
                .wantedLayers(track.negotiated().streamId(), track.negotiated().mid(), wanted);
        publisher.egress().send(message);
    }

    /** Everybody who watches the stream gets the best of what is still sent, and is told. */
    private static void restrict(Room room, Peer publisher, ApiMessage.PublisherControl sent) {
        List<Integer> layers = sent.layers().stream()
                .map(DownTrack.LAYERS::indexOf)
                .filter(layer -> layer >= 0)
                .toList();
        if (layers.isEmpty()) {
            return;
        }
        String stream = publisher.ingress().wireStreamId(sent.streamId());
        List<String> names =
                sent.layers().stream().filter(DownTrack.LAYERS::contains).toList();
        for (Peer peer : room.others(publisher)) {
            for (DownTrack downTrack : peer.egress().downTracks(stream)) {
                Track track = downTrack.track();
                if (track.owner() == publisher && track.published().kind() == MediaKind.VIDEO) {
                    String active = downTrack.restrict(layers);
                    peer.egress().send(room.context().apiMessages().activeLayer(stream, active, names));
                }
            }
        }
    }
}
