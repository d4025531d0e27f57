package dev.noir.recording;

import dev.noir.recording.Interleaver.Timed;
import dev.noir.room.EncodedFrame;
import dev.noir.room.MediaTap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a peer: its tracks, and the files that become of them, one after the other: what a file says of its tracks cannot
 * change, so a picture of another size begins the next one. Thread: its executor, but for what is said to be called from any.
 */
public final class StreamRecording {
    /** Where files, or other parts, come from. Thread: that of the recording. */
    public interface Shelf {
        /**
         * Begins the next one.
         *
         * @param startMicros of the first frame, in µs since 1970
         */
        Part begin(List<Part.Slot> slots, long startMicros) throws IOException;
    }

    // A track that is there and brings nothing is not waited for any longer.
    private static final Duration START_WAIT = Duration.ofSeconds(2);

    /** Of what a disk has not taken yet. */
    static final long MAX_QUEUED_BYTES = 16L << 20;

    private static final class Source {
        private @Nullable MediaFormat format;
        private boolean live = true;
    }

    // Given.
    private final Executor executor;
    private final Shelf shelf;
    private final Consumer<IOException> failed;
    private final Runnable over;
    private final long maxQueued;

    // Owned.
    private final Interleaver frames = new Interleaver();
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final AtomicLong queued = new AtomicLong();

    // State.
    private @Nullable Part file;
    private int droppedFrames;
    private boolean ended;

    /**
     * @param executor one task at a time; may block
     * @param maxQueued bytes that may wait for it; what is more is left out, up to the next key frame
     * @param failed told once; nothing is written any more then
     * @param over when the last of its files has been closed
     */
    public StreamRecording(
            Executor executor, long maxQueued, Shelf shelf, Consumer<IOException> failed, Runnable over) {
        this.executor = executor;
        this.shelf = shelf;
        this.failed = failed;
        this.over = over;
        this.maxQueued = maxQueued;
    }

    /** Another track of the stream. Thread: any. */
    public MediaTap.Events add(String track) {
        executor.execute(() -> {
            sources.put(track, new Source());
            frames.begin(track);
        });
        return new Inlet(track);
    }

    /** No more of it is recorded. Thread: any. */
    public void end(String why) {
        executor.execute(() -> close(why));
    }

    /** Takes the frames of one track off a loop, which must not be kept waiting. Thread: that loop; the end from any. */
    private final class Inlet implements MediaTap.Events {
        private final String track;
        private boolean skipping;

        Inlet(String track) {
            this.track = track;
        }

        @Override
        public void onFrame(EncodedFrame frame) {
            int size = frame.data().length;
            skipping &= !frame.key();
            if (skipping || queued.get() + size > maxQueued) {
                skipping = true;
                executor.execute(() -> droppedFrames++);
                return;
            }
            queued.addAndGet(size);
            executor.execute(() -> {
                queued.addAndGet(-size);
                guard(() -> arrived(track, frame));
            });
        }

        @Override
        public boolean isQuick() {
            return true;
        }

        @Override
        public void onGap(int lost) {
            executor.execute(() -> {
                if (file != null) {
                    file.lost(track, lost);
                }
            });
        }

        @Override
        public void onEnded() {
            executor.execute(() -> guard(() -> trackEnded(track)));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guard(Step step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (IOException e) {
            ended = true;
            failed.accept(e);
            giveUp();
            over.run();
        }
    }

    private void arrived(String track, EncodedFrame frame) throws IOException {
        Source source = sources.get(track);
        if (source == null || !source.live) {
            return;
        }
        if (source.format == null && MediaFormat.isTold(frame)) {
            source.format = MediaFormat.of(frame);
        }
        if (source.format != null) { // Nothing can be made of what comes before.
            frames.add(track, frame);
        }
        write();
    }

    private void trackEnded(String track) throws IOException {
        Source source = sources.get(track);
        if (source == null || !source.live) {
            return;
        }
        source.live = false;
        frames.end(track);
        write();
        if (file != null) {
            file.release(track);
        }
        if (sources.values().stream().noneMatch(other -> other.live)) {
            close("ended");
        }
    }

    /** What can be written by now. */
    private void write() throws IOException {
        if (file == null && isWaiting()) {
            return;
        }
        for (Timed next = frames.poll(); next != null; next = frames.poll()) {
            write(next);
        }
    }

    private boolean isWaiting() {
        boolean complete = sources.values().stream().allMatch(source -> source.format != null || !source.live);
        return !complete && frames.span().compareTo(START_WAIT) < 0 && frames.waiting() < maxQueued;
    }

    private void write(Timed next) throws IOException {
        EncodedFrame frame = next.frame();
        Part now = file;
        if (now == null || !now.takes(next.track(), format(next))) {
            if (now != null && !mayBegin(frame)) {
                droppedFrames++; // Audio beside pictures that a file cannot begin with.
                return;
            }
            now = begin(next);
        }
        now.add(next.track(), frame);
    }

    private MediaFormat format(Timed next) {
        Source source = sources.get(next.track());
        MediaFormat known = source == null ? null : source.format;
        return known == null || MediaFormat.isTold(next.frame()) ? MediaFormat.of(next.frame()) : known;
    }

    /** A file can begin with a key frame, or with audio when it is the only thing there is. */
    private boolean mayBegin(EncodedFrame frame) {
        return MediaFormat.isTold(frame)
                && (MediaFormat.of(frame).isVideo()
                        || sources.values().stream()
                                .noneMatch(source -> source.live && source.format != null && source.format.isVideo()));
    }

    private Part begin(Timed first) throws IOException {
        Source source = sources.get(first.track());
        if (source != null) {
            source.format = format(first);
        }
        finish("changed");
        List<Part.Slot> slots = new ArrayList<>();
        sources.forEach((track, each) -> {
            if (each.format != null && (each.live || track.equals(first.track()))) {
                slots.add(new Part.Slot(track, each.format));
            }
        });
        Part begun = shelf.begin(slots, first.frame().captureMicros());
        file = begun;
        return begun;
    }

    private void finish(String why) throws IOException {
        if (file != null) {
            Part done = file;
            file = null;
            done.finish(why, takeDropped());
        }
    }

    private int takeDropped() {
        int dropped = droppedFrames;
        droppedFrames = 0;
        return dropped;
    }

    private void close(String why) {
        guard(() -> {
            for (Timed next = frames.drain(); next != null; next = frames.drain()) {
                write(next);
            }
            finish(why);
            ended = true;
            over.run();
        });
    }

    /** Makes what is there as good as it can be. */
    private void giveUp() {
        Part broken = file;
        try {
            finish("failed");
        } catch (IOException e) {
            if (broken != null) {
                broken.abandon();
            }
        }
    }
}
