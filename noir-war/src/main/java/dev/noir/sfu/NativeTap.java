package dev.noir.sfu;

import dev.noir.media.LoopCommands;
import dev.noir.media.MediaException;
import dev.noir.media.TapFrame;
import dev.noir.media.TapId;
import dev.noir.media.TrackId;
import dev.noir.room.EncodedFrame;
import dev.noir.room.MediaTap;
import dev.noir.room.SerialExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A tap of a track. Frames go from the loop to tasks of their own, and not more of them wait there than may: what is too much is
 * lost up to a key frame, which is asked for when there is room again. To a listener that is quick they go at once.
 *
 * <p>Thread: {@link #close} any; the rest loop.
 */
final class NativeTap implements MediaTap {
    private static final Logger LOG = System.getLogger(NativeTap.class.getName());

    static final WaitingMessages.Limits LIMITS = new WaitingMessages.Limits(2048, 4L * 1024 * 1024);

    // Given.
    private final LoopHost host;
    private final MediaTap.Events listener;
    private final Executor tasks; // One at a time; the loop itself, if the listener is quick.

    private final WaitingMessages waiting = new WaitingMessages(LIMITS);

    // Owned by the loop thread.
    private @Nullable TrackId track;
    private @Nullable TapId id;
    private int lost; // Packets that the loop has lost, and frames that were too many, since the last one handed over.
    private boolean drops; // Up to a key frame,
    private boolean asked; // which has been asked for.

    private volatile boolean closed;

    NativeTap(LoopHost host, MediaTap.Events listener) {
        this.host = host;
        this.listener = listener;
        this.tasks = listener.isQuick() ? Runnable::run : new SerialExecutor("tap", host.tasks());
    }

    /** {@code tapped} is null when there is no such track. */
    void open(LoopCommands commands, @Nullable TrackId tapped) {
        if (closed) {
            return;
        }
        if (tapped == null) {
            ended();
            return;
        }
        try {
            track = tapped;
            TapId added = commands.addTap(tapped);
            id = added;
            host.register(added, this);
        } catch (MediaException e) { // Too many of them, or the track has gone.
            LOG.log(Level.WARNING, "a tap was refused: " + e.getMessage());
            ended();
        }
    }

    @Override
    public void close() {
        closed = true;
        host.post(this::remove);
    }

    private void remove(LoopCommands commands) {
        if (id != null) {
            commands.removeTap(id);
            host.unregister(id);
            id = null;
        }
    }

    void frame(TapFrame frame) {
        lost += frame.lost();
        if (drops && !frame.key()) {
            lost++;
            askForKeyFrame();
            return;
        }
        int size = frame.data().length;
        if (!waiting.tryAdd(size)) {
            lost++;
            drops = MediaParams.isVideo(frame.codec());
            return;
        }
        drops = false;
        asked = false;
        int gap = lost;
        lost = 0;
        EncodedFrame encoded = MediaParams.frame(frame);
        tasks.execute(() -> {
            waiting.remove(size);
            if (!closed) {
                if (gap > 0) {
                    listener.onGap(gap);
                }
                listener.onFrame(encoded);
            }
        });
    }

    /** A tap that has just been added does. */
    private void askForKeyFrame() {
        if (!asked && waiting.isLow()) {
            asked = true;
            host.post(commands -> {
                if (id != null) {
                    remove(commands);
                    open(commands, track);
                }
            });
        }
    }

    void ended() {
        id = null;
        tasks.execute(() -> {
            if (!closed) {
                closed = true;
                listener.onEnded();
            }
        });
    }
}
