package dev.noir.room;

import dev.noir.room.PeerSnapshot.Published;
import dev.noir.room.PeerSnapshot.Shown;
import dev.noir.room.PeerSnapshot.TrackName;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes snapshots of a room's peers: asks the loops, which answer some time later. Thread: rooms. */
final class Snapshots {
    // Given.
    private final Room room;
    private final Consumer<PeerSnapshot> each;

    /** @param each told of every peer that is still there when the loops have answered, by the room */
    Snapshots(Room room, Consumer<PeerSnapshot> each) {
        this.room = room;
        this.each = each;
    }

    void take(List<PeerName> names) {
        for (PeerName name : names) {
            Peer peer = room.find(name);
            if (peer != null) {
                take(peer);
            }
        }
    }

    private void take(Peer peer) {
        CompletableFuture<Optional<MediaSample>> publisher = peer.ingress().sample();
        CompletableFuture<Optional<MediaSample>> subscriber = peer.egress().sample();
        CompletableFuture<?> unused = CompletableFuture.allOf(publisher, subscriber)
                .whenComplete((nothing, failure) -> room.execute(() -> taken(peer, publisher, subscriber, failure)));
    }

    private void taken(
            Peer peer,
            CompletableFuture<Optional<MediaSample>> publisher,
            CompletableFuture<Optional<MediaSample>> subscriber,
            @Nullable Throwable failure) {
        if (failure != null) { // Of a loop, which others have reported.
            Room.LOG.log(Level.DEBUG, () -> peer + ": no snapshot: " + failure);
        } else if (room.find(peer.name()) == peer) {
            Optional<MediaSample> sends = publisher.join();
            Optional<MediaSample> gets = subscriber.join();
            each.accept(new PeerSnapshot(
                    peer.name(),
                    peer.isResumed(),
                    sends,
                    gets,
                    sends.map(sample -> published(peer, sample)).orElse(List.of()),
                    gets.map(sample -> shown(peer, sample)).orElse(List.of())));
        }
    }

    private static List<Published> published(Peer peer, MediaSample sample) {
        List<Published> tracks = new ArrayList<>();
        for (MediaSample.Received received : sample.received()) {
            Track track = peer.ingress().track(received.mid());
            if (track != null) { // Else it has ended meanwhile.
                boolean asked = !peer.understandsWantedLayers() || track.isAnyWanted();
                tracks.add(new Published(name(track), asked, received));
            }
        }
        return tracks;
    }

    private static List<Shown> shown(Peer peer, MediaSample sample) {
        List<Shown> tracks = new ArrayList<>();
        for (MediaSample.Sent sent : sample.sent()) {
            Track track = peer.egress().track(sent.mid());
            if (track != null) {
                tracks.add(new Shown(name(track), track.isSquelched(), sent));
            }
        }
        return tracks;
    }

    private static TrackName name(Track track) {
        return new TrackName(
                track.owner().name(),
                track.published().streamId(),
                track.medium(),
                track.published().screen());
    }
}
