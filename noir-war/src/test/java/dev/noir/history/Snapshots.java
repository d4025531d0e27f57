package dev.noir.history;

import dev.noir.room.MediaExplanation.Layer;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import dev.noir.room.MediaSample;
import dev.noir.room.MediaSample.Line;
import dev.noir.room.MediaSample.Path;
import dev.noir.room.Medium;
import dev.noir.room.PeerName;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Published;
import dev.noir.room.PeerSnapshot.Shown;
import dev.noir.room.PeerSnapshot.TrackName;
import dev.noir.room.TransportState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a peer may be doing: at first connected by UDP, with 20 ms, and nothing is sent. */
final class Snapshots {
    private static final Layer TOP = new Layer(1, 0);
    private static final Layer LOW = new Layer(0, 0);
    private static final List<Offered> OFFERED =
            List.of(new Offered(LOW, 200_000, true), new Offered(TOP, 1_200_000, true));

    TransportState publisher = TransportState.CONNECTED;
    TransportState subscriber = TransportState.CONNECTED;
    boolean tcp;
    boolean resumed;
    int rtt = 20;
    Optional<Line> line = Optional.empty();
    OptionalLong lost = OptionalLong.empty();
    long keyFrameRequests;
    final List<Published> published = new ArrayList<>();
    final List<Shown> shown = new ArrayList<>();

    static PeerSnapshot idle(String name) {
        return new Snapshots().of(name);
    }

    PeerSnapshot of(String name) {
        return new PeerSnapshot(
                new PeerName(name),
                resumed,
                Optional.of(sample(publisher)),
                Optional.of(sample(subscriber)),
                published,
                shown);
    }

    private MediaSample sample(TransportState state) {
        return new MediaSample(
                state, Optional.of(new Path(tcp, tcp ? MediaSample.UNKNOWN : rtt * 1000L)), line, List.of(), List.of());
    }

    Snapshots line(long estimate, int lossPermille) {
        line = Optional.of(new Line(estimate, lossPermille, rtt * 1000L, lossPermille > 20));
        return this;
    }

    static TrackName camera(String owner) {
        return new TrackName(new PeerName(owner), "cam-" + owner, Medium.VIDEO, false);
    }

    Snapshots publish(String owner, long packets, long lost) {
        return send(owner, packets, lost, 1_000_000);
    }

    Snapshots send(String owner, long packets, long lost, long bitrate) {
        published.add(new Published(camera(owner), true, new MediaSample.Received("0", packets, lost, bitrate)));
        return this;
    }

    /** A track that nobody asks for. */
    Snapshots publishUnasked(String owner, long packets) {
        published.add(new Published(camera(owner), false, new MediaSample.Received("0", packets, 0, 0)));
        return this;
    }

    Snapshots show(String owner, long packets) {
        return show(owner, packets, layers(true, Reason.WANTED, Optional.of(TOP), OFFERED, false));
    }

    /** As the peer reports of what follows. */
    Snapshots reporting(long lostSoFar, long requests) {
        lost = OptionalLong.of(lostSoFar);
        keyFrameRequests = requests;
        return this;
    }

    Snapshots smaller(String owner, long packets) {
        return show(owner, packets, layers(true, Reason.NO_BANDWIDTH, Optional.of(LOW), OFFERED, false));
    }

    Snapshots paused(String owner, long packets) {
        return show(owner, packets, layers(false, Reason.NO_BANDWIDTH, Optional.empty(), OFFERED, false));
    }

    Snapshots waitsForKeyFrame(String owner, long packets) {
        return show(owner, packets, layers(false, Reason.WANTED, Optional.of(TOP), OFFERED, true));
    }

    /** Its publisher sends nothing. */
    Snapshots empty(String owner, long packets) {
        return show(owner, packets, layers(false, Reason.NOTHING_OFFERED, Optional.empty(), List.of(), false));
    }

    private Snapshots show(String owner, long packets, Layers layers) {
        MediaSample.Sent media = new MediaSample.Sent(
                owner,
                packets,
                packets * 1000,
                MediaSample.UNKNOWN,
                lost,
                keyFrameRequests,
                MediaSample.UNKNOWN,
                layers);
        shown.add(new Shown(camera(owner), false, media));
        return this;
    }

    private static Layers layers(
            boolean sending, Reason reason, Optional<Layer> allocated, List<Offered> offered, boolean waits) {
        return new Layers(
                false, false, sending, false, waits, OptionalInt.empty(), TOP, Optional.of(reason), allocated, offered);
    }
}
