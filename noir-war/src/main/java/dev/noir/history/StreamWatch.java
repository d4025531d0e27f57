package dev.noir.history;

import dev.noir.history.Span.Kind;
import dev.noir.history.Span.Severity;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaSample;
import dev.noir.room.Medium;
import dev.noir.room.PeerSnapshot;
import dev.noir.room.PeerSnapshot.Published;
import dev.noir.room.PeerSnapshot.Shown;
import dev.noir.room.PeerSnapshot.TrackName;
import dev.noir.room.TransportState;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds out when tracks went silent though they had not ended: those that a peer sends, and pictures that it is sent. Not
 * thread-safe.
 */
final class StreamWatch {
    // A sender that is muted still sends, every 400 ms at least; a screen on which nothing moves need not.
    private static final int PATIENCE = 2;
    private static final int PATIENCE_WITH_SCREENS = 6;

    /** One track: its packets so far, and when the last one was seen. */
    private static final class Flow {
        private final Watch watch;
        private long packets = MediaSample.UNKNOWN;
        private long moved;
        private boolean seen;

        Flow(Watch watch) {
            this.watch = watch;
        }

        /** @return whether there were some once, and none since the last look */
        boolean rests(long at, long count) {
            boolean rests = count == packets && count > 0;
            if (!rests) {
                packets = count;
                moved = at;
            }
            return rests;
        }
    }

    // Given.
    private final String peer;
    private final Consumer<Span> ended;

    // State, by track and direction.
    private final Map<String, Flow> flows = new HashMap<>();

    StreamWatch(String peer, Consumer<Span> ended) {
        this.peer = peer;
        this.ended = ended;
    }

    Stream<Watch> watches() {
        return flows.values().stream().map(flow -> flow.watch);
    }

    void look(Sample sample, PeerSnapshot snapshot) {
        flows.values().forEach(flow -> flow.seen = false);
        boolean up = snapshot.publisher()
                .filter(connection -> connection.state() == TransportState.CONNECTED)
                .isPresent();
        for (Published track : snapshot.published()) {
            lookUp(sample.at(), track, up);
        }
        for (Shown track : snapshot.shown()) {
            if (track.track().medium() == Medium.VIDEO) {
                lookDown(sample.at(), track);
            }
        }
        forgetEnded(sample.at());
    }

    private void forgetEnded(long at) {
        for (Iterator<Flow> all = flows.values().iterator(); all.hasNext(); ) {
            Flow flow = all.next();
            if (!flow.seen) {
                flow.watch.end(at);
                all.remove();
            }
        }
    }

    private Flow flow(String key, Kind kind, TrackName track) {
        int patience = track.screen() ? PATIENCE_WITH_SCREENS : PATIENCE;
        Flow flow = flows.computeIfAbsent(key, name -> new Flow(new Watch(kind, patience, 1, ended)));
        flow.seen = true;
        return flow;
    }

    private void lookUp(long at, Published track, boolean up) {
        Flow flow = flow("up " + track.media().mid(), Kind.STOPPED, track.track());
        if (flow.rests(at, track.media().packets()) && track.asked() && up) {
            long since = flow.watch.isTroubled() ? at : flow.moved;
            flow.watch.trouble(
                    since,
                    Severity.WARNING,
                    track.track(),
                    Words.of(track.track()) + " stopped: nothing of it came any more, though the connection of " + peer
                            + " was up: its device was taken away or stopped, or its page did not run");
        } else {
            flow.watch.fine(at);
        }
    }

    private static boolean isAnyThere(List<Offered> layers) {
        for (Offered layer : layers) {
            if (layer.available()) {
                return true;
            }
        }
        return false;
    }

    private void lookDown(long at, Shown track) {
        MediaSample.Sent media = track.media();
        Layers layers = media.layers();
        boolean offered = isAnyThere(layers.offered());
        Flow flow = flow("down " + media.mid(), Kind.FROZEN, track.track());
        boolean wanted = !track.squelched() && !layers.muted() && !layers.undecodable() && !Meter.isPaused(track);
        if (flow.rests(at, media.packets()) && wanted && (!offered || layers.waitsForKeyFrame())) {
            long since = flow.watch.isTroubled() ? at : flow.moved;
            String why = offered ? " sent no key frame, with which alone it can go on" : " sent nothing of it any more";
            flow.watch.trouble(
                    since,
                    offered ? Severity.BAD : Severity.WARNING,
                    track.track(),
                    Words.of(track.track()) + " froze for " + peer + ": "
                            + track.track().owner().value() + why);
        } else {
            flow.watch.fine(at);
        }
    }
}
