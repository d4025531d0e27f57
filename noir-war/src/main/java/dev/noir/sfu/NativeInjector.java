package dev.noir.sfu;

import dev.noir.media.CloseReason;
import dev.noir.media.LoopCommands;
import dev.noir.media.LoopTask;
import dev.noir.media.MediaException;
import dev.noir.media.TrackId;
import dev.noir.media.TransportId;
import dev.noir.media.TransportParams;
import dev.noir.room.InjectedTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaInjector;
import dev.noir.sdp.PublishedTrack;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An injector of a loop, as {@link NativeTransport} is a transport of one.
 *
 * <p>Thread: the port's methods rooms; the package-private ones loop unless they say otherwise.
 */
final class NativeInjector implements MediaInjector, NativeTrack.Owner {
    private static final Logger LOG = System.getLogger(NativeInjector.class.getName());

    /** Frames of all its tracks that the loop has not come to: about a second of a good picture. */
    static final WaitingMessages.Limits LIMITS = new WaitingMessages.Limits(512, 4L * 1024 * 1024);

    // Given.
    private final Whose whose;
    private final LoopHost host;
    private final int group;
    private final Executor events;
    private final MediaInjector.Events listener;
    private final Consumer<NativeInjector> closing;

    private final WaitingMessages waiting = new WaitingMessages(LIMITS);
    private final AtomicBoolean over = new AtomicBoolean(); // Closed, or the end has been told.

    // Owned by the loop thread. No id: not opened yet, refused, or closed.
    private @Nullable TransportId id;
    private final Map<TrackId, NativeInjectedTrack> tracks = new HashMap<>();

    // Owned by the room.
    private int load; // Of the host, because of this.
    private boolean closed;

    /**
     * @param group by which the loops know whose transports belong together
     * @param closing run once, by the room
     */
    NativeInjector(
            Whose whose,
            LoopHost host,
            int group,
            Executor events,
            MediaInjector.Events listener,
            Consumer<NativeInjector> closing) {
        this.whose = whose;
        this.host = host;
        this.group = group;
        this.events = events;
        this.listener = listener;
        this.closing = closing;
    }

    /** Thread: rooms. */
    void open() {
        boolean posted = host.post(commands -> {
            try {
                TransportId opened = commands.openTransport(TransportParams.injector(group));
                id = opened;
                host.register(opened, this);
            } catch (MediaException e) {
                LOG.log(Level.WARNING, "an injector was refused: " + e.getMessage());
                end(MediaEnd.REFUSED);
            }
        });
        if (!posted) {
            end(MediaEnd.BUG);
        }
    }

    @Override
    public InjectedTrack addTrack(PublishedTrack published, int stream, boolean squelched) {
        NativeTrack media = new NativeTrack(
                new NativeTrack.Label(whose, published.streamId()), this, host, MediaParams.track(published, stream));
        NativeInjectedTrack track =
                new NativeInjectedTrack(this, media, published.codecs().get(0).codec());
        if (!closed) {
            load++;
            host.addLoad(1);
        }
        host.post(commands -> {
            if (id != null) {
                TrackId added = media.add(commands, id, squelched);
                tracks.put(added, track);
                host.register(added, track);
            }
        });
        return track;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        over.set(true);
        host.addLoad(-load);
        closing.accept(this);
        host.post(commands -> {
            if (id != null) {
                commands.closeTransport(id);
                host.unregister(id);
                forget();
            }
        });
    }

    /** Nothing of it is known to the loop any more. */
    private void forget() {
        id = null;
        tracks.keySet().forEach(host::unregister);
        tracks.clear();
    }

    /** Only a bug ends it. */
    void closed(CloseReason reason) {
        forget();
        end(MediaParams.end(reason));
    }

    /** Thread: any. */
    Whose whose() {
        return whose;
    }

    /** Its loop has failed. Thread: any. */
    void lost() {
        end(MediaEnd.BUG);
    }

    private void end(MediaEnd end) {
        if (over.compareAndSet(false, true)) {
            events.execute(() -> {
                if (!closed) {
                    listener.onClosed(end);
                }
            });
        }
    }

    /** Nothing goes anywhere any more. Thread: any. */
    boolean isOver() {
        return over.get();
    }

    /**
     * Has something done by the loop. Thread: any.
     *
     * @param size octets of what waits until then
     * @return false when there is no room for them
     */
    boolean send(int size, LoopTask action) {
        if (!waiting.tryAdd(size)) {
            return false;
        }
        boolean posted = host.post(new FrameTask(size, action));
        if (!posted) {
            waiting.remove(size);
        }
        return posted;
    }

    void keyFrameWanted(NativeInjectedTrack track) {
        events.execute(() -> {
            if (!closed) {
                listener.onKeyFrameWanted(track);
            }
        });
    }

    /** What is asked of its encodings: it has one, and what nobody takes costs little. */
    @Override
    public void layersWanted(NativeTrack track, int encodings) {}

    @Override
    public void trackRemoved() {
        if (!closed) {
            load--;
            host.addLoad(-1);
        }
    }

    @Override
    public void trackRemoved(TrackId gone) {
        tracks.remove(gone);
    }

    /** A frame on its way to the loop. */
    private final class FrameTask implements LoopTask {
        private static final int BYTES_OF_A_TASK = 8 * 1024;

        private final int size;
        private final LoopTask action;

        FrameTask(int size, LoopTask action) {
            this.size = size;
            this.action = action;
        }

        @Override
        public int weight() {
            return 1 + size / BYTES_OF_A_TASK;
        }

        @Override
        public void execute(LoopCommands commands) {
            waiting.remove(size);
            action.execute(commands);
        }
    }
}
