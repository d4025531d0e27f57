package dev.noir.sfu;

import dev.noir.media.LoopCommands;
import dev.noir.media.TrackId;
import dev.noir.media.TrackParams;
import dev.noir.media.TransportId;
import dev.noir.room.MediaTap;
import dev.noir.room.MediaTrack;
import org.jspecify.annotations.Nullable;

/**
 * A track of a transport that publishes, or of an injector. Its id is the loop thread's.
 *
 * <p>Thread: the port's methods rooms, {@link #tap} any; the package-private ones loop.
 */
final class NativeTrack implements MediaTrack {
    /** Where it is published. */
    interface Owner {
        /** Which encodings somebody takes, a bit for each. */
        void layersWanted(NativeTrack track, int encodings);

        /** @see dev.noir.room.MediaTransport.Events#onEncodingLearned */
        default void encodingLearned(NativeTrack track, int encoding, long ssrc, long rtxSsrc) {}

        /** Thread: rooms. */
        void trackRemoved();

        void trackRemoved(TrackId gone);
    }

    /** @param stream the client's name of what it belongs to */
    record Label(Whose owner, String stream) {
        static final Label UNKNOWN = new Label(Whose.UNKNOWN, "");
    }

    // Given.
    private final Label label;
    private final Owner owner;
    private final LoopHost host;
    private final TrackParams params;

    private @Nullable TrackId id;
    private boolean removed; // The room's.

    NativeTrack(Label label, Owner owner, LoopHost host, TrackParams params) {
        this.label = label;
        this.owner = owner;
        this.host = host;
        this.params = params;
    }

    TrackId add(LoopCommands commands, TransportId transport, boolean squelched) {
        TrackId added = commands.addTrack(transport, params);
        id = added;
        host.register(added, this);
        commands.setSquelched(added, squelched); // In the same task: the loop reads nothing in between.
        return added;
    }

    /** @param encodings a bit for each that somebody takes */
    void layersWanted(int encodings) {
        owner.layersWanted(this, encodings);
    }

    void encodingLearned(int encoding, long ssrc, long rtxSsrc) {
        owner.encodingLearned(this, encoding, ssrc, rtxSsrc);
    }

    /** Null: not yet, or refused. */
    @Nullable
    TrackId id() {
        return id;
    }

    /** Thread: any. */
    Label label() {
        return label;
    }

    /** Thread: any. */
    LoopHost host() {
        return host;
    }

    /** Thread: any. */
    TrackParams params() {
        return params;
    }

    @Override
    public void setSquelched(boolean squelched) {
        host.post(commands -> {
            if (id != null) {
                commands.setSquelched(id, squelched);
            }
        });
    }

    @Override
    public MediaTap tap(MediaTap.Events listener) {
        NativeTap tap = new NativeTap(host, listener);
        host.post(commands -> tap.open(commands, id));
        return tap;
    }

    @Override
    public void remove() {
        if (!removed) {
            owner.trackRemoved();
        }
        removed = true;
        host.post(commands -> {
            if (id != null) {
                commands.removeTrack(id);
                owner.trackRemoved(id);
                host.unregister(id);
            }
        });
    }
}
