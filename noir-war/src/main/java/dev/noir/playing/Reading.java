package dev.noir.playing;

import dev.noir.room.EncodedFrame;
import dev.noir.room.SerialExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A source that is read bit by bit where that may block. Thread: any for its methods, whose work is done in their order. */
final class Reading {
    private static final Logger LOG = System.getLogger(Reading.class.getName());

    // Of one batch. What has nothing to show counts.
    private static final int MAX_FRAMES = 64;
    private static final int MAX_BYTES = 1 << 20;
    private static final Duration MAX_SPAN = Duration.ofMillis(250);

    /**
     * A frame for a room.
     *
     * @param time in the file
     * @param length in nanoseconds; 0: not known
     */
    record Item(SourceTrack track, Duration time, long length, EncodedFrame frame) {}

    /** What comes of it. Thread: that of the reading, one at a time. */
    interface Listener {
        void onOpened(List<SourceTrack> tracks, Optional<Duration> duration);

        /**
         * An answer to {@link Reading#read}.
         *
         * @param turn as it was asked with
         * @param over there is no more of this round
         */
        void onRead(int turn, List<Item> items, boolean over);

        /** Nothing comes any more. */
        void onFailed(String words);
    }

    private interface Step {
        void run() throws Exception;
    }

    // Given.
    private final Callable<? extends FrameSource> opener;
    private final Listener listener;

    // Owned.
    private final SerialExecutor executor;

    // State. Thread: the executor's.
    private @Nullable FrameSource source;
    private final Map<Integer, TrackFrames> tracks = new HashMap<>();
    private boolean closed;

    /** @param threads may block */
    Reading(Callable<? extends FrameSource> opener, Executor threads, Listener listener) {
        this.opener = opener;
        this.executor = new SerialExecutor("reading", threads);
        this.listener = listener;
    }

    void open() {
        attempt(() -> {
            FrameSource opened = opener.call();
            source = opened;
            for (SourceTrack track : opened.tracks()) {
                tracks.put(track.number(), new TrackFrames(track));
            }
            listener.onOpened(opened.tracks(), opened.duration());
        });
    }

    void seek(Duration to) {
        attempt(() -> {
            if (source != null) {
                source.seek(to);
                tracks.values().forEach(TrackFrames::restart);
            }
        });
    }

    /** Some more. */
    void read(int turn) {
        attempt(() -> {
            if (source != null) {
                read(turn, source);
            }
        });
    }

    void close() {
        attempt(this::end);
    }

    private void attempt(Step step) {
        executor.execute(() -> {
            if (closed) {
                return;
            }
            try {
                step.run();
            } catch (MediaFileException e) {
                fail(String.valueOf(e.getMessage()));
            } catch (NoSuchFileException e) {
                fail("there is no such file any more");
            } catch (IOException e) {
                LOG.log(Level.WARNING, "cannot read media: " + e);
                fail("the file cannot be read");
            } catch (Exception e) {
                LOG.log(Level.ERROR, "a fault in the reading of media", e);
                fail("the file cannot be read, by a fault of this server");
            }
        });
    }

    private void fail(String words) {
        listener.onFailed(words);
        end();
    }

    private void end() {
        closed = true;
        if (source != null) {
            try {
                source.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "cannot close media", e);
            }
        }
    }

    private void read(int turn, FrameSource from) throws IOException {
        List<Item> items = new ArrayList<>();
        long bytes = 0;
        boolean full = false;
        boolean over = false;
        for (int i = 0; i < MAX_FRAMES && !full && !over; i++) {
            SourceFrame read = from.next();
            if (read == null) {
                over = true;
                continue;
            }
            TrackFrames track = tracks.get(read.track());
            EncodedFrame frame = track == null ? null : track.make(read);
            if (track != null && frame != null) {
                items.add(new Item(track.track(), read.time(), length(track.track(), read), frame));
                bytes += frame.data().length;
            }
            full = bytes >= MAX_BYTES
                    || (!items.isEmpty()
                            && read.time()
                                            .minus(MAX_SPAN)
                                            .compareTo(items.get(0).time())
                                    >= 0);
        }
        listener.onRead(turn, items, over);
    }

    private static long length(SourceTrack track, SourceFrame frame) {
        return switch (track.kind()) {
            case AUDIO -> Opus.nanos(Opus.samples(frame.data()));
            case VIDEO -> 0;
        };
    }
}
