package dev.noir.recording;

import dev.noir.room.MediaTap;
import dev.noir.room.Recorder;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Records rooms into a directory. Thread: any. */
public final class DirectoryRecorder implements Recorder, Recordings, AutoCloseable {
    private static final Logger LOG = System.getLogger(DirectoryRecorder.class.getName());

    private static final Duration SWEEP = Duration.ofMinutes(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * Where to, and how much.
     *
     * @param quota in bytes, of all together; 0: as much as there is place for
     * @param free in bytes, that are left on the disk
     * @param keep for how long after its end a recording stays; zero: for ever
     * @param automatic rooms that are recorded without anybody asking for it
     * @param mp4 fragmented MP4 where it has the codecs, in the place of WebM and Matroska
     */
    public record Terms(
            Path directory, long quota, long free, Duration keep, Predicate<String> automatic, boolean mp4) {}

    // Given.
    private final Terms terms;
    private final String node;
    private final Scheduler scheduler;
    private final InstantSource clock;

    // Owned.
    private final RecordingFolder folder;
    private final SerialExecutor looks;
    private final Rounds rounds;

    // State.
    private final Map<Shelf, CompletableFuture<Void>> streams = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong lostPackets = new AtomicLong();
    private final AtomicLong droppedFrames = new AtomicLong();
    private volatile Scheduler.@Nullable Timer sweep;
    private volatile boolean closed;

    /** @param threads for what blocks */
    public DirectoryRecorder(Terms terms, String node, Executor threads, Scheduler scheduler, InstantSource clock) {
        this.terms = terms;
        this.node = node;
        this.scheduler = scheduler;
        this.clock = clock;
        this.folder = new RecordingFolder(
                terms.directory(),
                new RecordingFolder.Limits(terms.quota(), terms.free(), terms.keep()),
                bytes::addAndGet);
        this.looks = new SerialExecutor("recordings", threads);
        this.rounds = new Rounds(scheduler, threads);
        looks.execute(this::sweep);
    }

    private void sweep() {
        try {
            folder.sweep(clock.instant());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot look through the directory of recordings: " + e.getMessage());
        }
        if (!closed) {
            sweep = scheduler.schedule(SWEEP, () -> looks.execute(this::sweep));
        }
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public boolean isAutomatic(RoomId room) {
        return terms.automatic().test(room.value());
    }

    @Override
    public Session begin(RoomId room, Consumer<String> failed) {
        RoomSession session = new RoomSession(room, failed);
        looks.execute(session::check);
        return session;
    }

    private final class RoomSession implements Session {
        private final RoomId room;
        private final Consumer<String> failed;
        private final AtomicBoolean hasFailed = new AtomicBoolean();
        private final Map<String, StreamRecording> recordings = new ConcurrentHashMap<>();

        RoomSession(RoomId room, Consumer<String> failed) {
            this.room = room;
            this.failed = failed;
        }

        void check() {
            try {
                folder.check();
            } catch (IOException e) {
                fail(e);
            }
        }

        private void fail(IOException e) {
            if (hasFailed.compareAndSet(false, true)) {
                failures.incrementAndGet();
                LOG.log(Level.ERROR, room + ": is not recorded any more: " + e);
                failed.accept(
                        e instanceof RecordingException
                                ? String.valueOf(e.getMessage())
                                : "the disk refuses: " + e.getMessage());
            }
        }

        @Override
        public MediaTap.Events add(RecordedTrack track) {
            String key = track.peer().value() + " " + track.stream();
            StreamRecording recording = recordings.computeIfAbsent(key, ignored -> record(key, track));
            return recording.add(track.track());
        }

        private StreamRecording record(String key, RecordedTrack track) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            Shelf shelf = new Shelf(room, track);
            streams.put(shelf, over);
            return new StreamRecording(
                    rounds.lane(room + "/" + track.peer()), StreamRecording.MAX_QUEUED_BYTES, shelf, this::fail, () -> {
                        recordings.remove(key);
                        streams.remove(shelf);
                        over.complete(null);
                    });
        }

        @Override
        public void end() {
            recordings.values().forEach(recording -> recording.end("stopped"));
            rounds.round();
        }
    }

    /** Names the files of one stream. Thread: that of the recording. */
    private final class Shelf implements StreamRecording.Shelf {
        private final RoomId room;
        private final Recorder.RecordedTrack track;
        private int parts;

        Shelf(RoomId room, Recorder.RecordedTrack track) {
            this.room = room;
            this.track = track;
        }

        @Override
        public RecordedFile begin(List<Part.Slot> slots, long startMicros) throws IOException {
            parts++;
            Instant start = Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(startMicros));
            Container container =
                    Container.of(slots.stream().map(Part.Slot::format).toList(), terms.mp4());
            String name = TIME.format(start) + "_" + FileNames.of(track.peer().value()) + "_"
                    + FileNames.of(track.stream()) + "_" + parts + container.ending();
            folder.check();
            Path path = folder.room(room.value()).resolve(name);
            Description description = new Description(
                    name,
                    node,
                    room.value(),
                    track.peer().value(),
                    track.principal(),
                    track.stream(),
                    track.screen(),
                    parts,
                    start.toEpochMilli(),
                    0,
                    "",
                    0,
                    0,
                    0,
                    slots.stream().map(Shelf::entry).toList());
            RecordedFile file = new RecordedFile(folder, path, description, container, slots, startMicros, this::done);
            open.incrementAndGet();
            return file;
        }

        private static Description.TrackEntry entry(Part.Slot slot) {
            MediaFormat format = slot.format();
            return new Description.TrackEntry(slot.track(), format.name(), format.width(), format.height(), 0, 0);
        }

        private void done(long lost, int dropped) {
            open.decrementAndGet();
            lostPackets.addAndGet(lost);
            droppedFrames.addAndGet(dropped);
        }
    }

    @Override
    public CompletionStage<List<Description>> list(Optional<String> room, int limit) {
        CompletableFuture<List<Description>> result = new CompletableFuture<>();
        looks.execute(() -> {
            try {
                result.complete(room.isPresent() ? folder.list(room.get(), limit) : folder.list(limit));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Override
    public int open() {
        return open.get();
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public long failures() {
        return failures.get();
    }

    @Override
    public long lostPackets() {
        return lostPackets.get();
    }

    @Override
    public long droppedFrames() {
        return droppedFrames.get();
    }

    /** Waits for a while until the files of rooms that have ended are whole. */
    @Override
    public void close() {
        closed = true;
        Scheduler.Timer timer = sweep;
        if (timer != null) {
            timer.cancel();
        }
        try {
            CompletableFuture.allOf(streams.values().toArray(CompletableFuture[]::new))
                    .get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(Level.WARNING, "recordings have not been ended properly; what is there can be played");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
