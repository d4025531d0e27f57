package dev.noir.restreaming;

import dev.noir.recording.LiveMatroska;
import dev.noir.recording.Part;
import dev.noir.recording.StreamRecording;
import dev.noir.restreaming.Programs.Program;
import dev.noir.room.Scheduler;
import dev.noir.room.TrackWatch.WatchedTrack;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The tracks of one peer on their way out, until something goes wrong or they are gone: programs, one after the other, for what
 * the tracks are cannot change while one runs. Thread: that of its owner, one at a time, but for what is said to be its executor's.
 */
final class Attempt implements StreamRecording.Shelf {
    static final Duration KEY_FRAMES = Duration.ofSeconds(2);
    /** A program that does not read for so long hangs, or the far end takes nothing. */
    static final Duration STALL = Duration.ofSeconds(15);
    /** A program that has nothing more to read ends by itself in this time. */
    static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** After a program's end, when what it has said last can be read. */
    static final Duration HEARD = Duration.ofMillis(100);

    /** What waits for the program; a live picture that is older is of no use. */
    private static final long MAX_QUEUED_BYTES = 2 << 20;

    /** What comes of it. Thread: any. */
    interface Events {
        /** A program has ended, or could not be started. Told once; all is over then. */
        void onFailed(Attempt attempt, String why, boolean forGood);
    }

    /** A program that runs. */
    private static final class Running {
        final Program program;
        final long since;
        volatile boolean fed = true; // Else it may end.
        volatile boolean broken; // It does not read any more.
        volatile @Nullable Pipe pipe;

        Running(Program program, long since) {
            this.program = program;
            this.since = since;
        }
    }

    // Given.
    private final Destination destination;
    private final Programs programs;
    private final Scheduler scheduler;
    private final Events events;
    private final @Nullable Attempt before;

    // Owned.
    private final StreamRecording stream;
    private final Map<WatchedTrack, FedTrack> tracks = new HashMap<>();

    // Volatile: the executor's and the owner's.
    private volatile @Nullable Running running;
    private volatile boolean over;
    private volatile String words = "";

    /**
     * @param executor one task at a time; may block
     * @param before the one that has ended just now: of two programs the far end would refuse the second
     */
    Attempt(
            Destination destination,
            Programs programs,
            Scheduler scheduler,
            Executor executor,
            Events events,
            @Nullable Attempt before) {
        this.destination = destination;
        this.programs = programs;
        this.scheduler = scheduler;
        this.events = events;
        this.before = before;
        this.stream = new StreamRecording(executor, MAX_QUEUED_BYTES, this, this::failed, () -> {});
    }

    /** These tracks are sent from now on, and no others. */
    void feed(List<WatchedTrack> wanted) {
        for (WatchedTrack track : wanted) { // First: without any track the stream would be over.
            tracks.computeIfAbsent(
                    track, added -> new FedTrack(added, stream.add(added.what().track()), scheduler));
        }
        tracks.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().end();
            }
            return gone;
        });
    }

    /** Nothing more is sent; the program gets what is there, and ends. */
    void end() {
        over = true;
        tracks.values().forEach(FedTrack::end);
        tracks.clear();
        stream.end("stopped");
        scheduler.schedule(LAST_WORDS, this::kill);
    }

    private void kill() {
        Running now = running;
        if (now != null) {
            now.program.kill();
        }
    }

    /** Looks after it, every {@link #KEY_FRAMES}. */
    void look() {
        tracks.values().forEach(track -> track.refresh(KEY_FRAMES.minusMillis(100)));
        Running now = running;
        if (now != null) {
            listen(now);
            Pipe pipe = now.pipe;
            if (pipe != null && pipe.stalled().compareTo(STALL) >= 0) {
                words = "it has taken nothing for " + STALL.toSeconds() + " s";
                now.program.kill();
            }
        }
    }

    private void listen(Running from) {
        String said = from.program.complaints().strip();
        if (!said.isEmpty()) {
            words = destination.masked(said.substring(said.lastIndexOf('\n') + 1));
        }
    }

    /** For how long its program has been running; zero: there is none. Thread: any. */
    Duration runs() {
        Running now = running;
        return now == null || over ? Duration.ZERO : Duration.ofNanos(scheduler.nanoTime() - now.since);
    }

    @Override
    public Part begin(List<Part.Slot> slots, long startMicros) throws IOException {
        awaitEnd();
        if (before != null) {
            before.awaitEnd();
        }
        List<String> command = destination.command(slots);
        Running begun = new Running(programs.start(command), scheduler.nanoTime());
        running = begun;
        begun.program.ended().thenRun(() -> scheduler.schedule(HEARD, () -> ended(begun)));
        if (over) {
            begun.program.kill(); // Whoever has ended this meanwhile has found nothing to end.
        }
        Pipe pipe = new Pipe(begun.program.input(), scheduler, () -> closing(begun));
        begun.pipe = pipe;
        return new LiveMatroska(pipe, slots, startMicros);
    }

    private void awaitEnd() {
        Running last = running;
        if (last != null) {
            last.program.awaitEnd(LAST_WORDS);
        }
    }

    private void closing(Running closed) {
        closed.fed = false;
        scheduler.schedule(LAST_WORDS, closed.program::kill);
    }

    /** Its end is what tells why the pipe is broken. To kill it now would be to lose its last words. */
    private void failed(IOException e) {
        Running now = running;
        if (now == null || e instanceof RefusedException || !now.fed) {
            fail(String.valueOf(e.getMessage()), e instanceof RefusedException);
        } else {
            now.broken = true;
            scheduler.schedule(LAST_WORDS, now.program::kill);
        }
    }

    private void ended(Running gone) {
        if (gone.fed || gone.broken) {
            listen(gone);
            fail(words.isEmpty() ? "the program has ended" : words, false);
        }
    }

    private void fail(String why, boolean forGood) {
        if (!over) {
            events.onFailed(this, why, forGood);
        }
    }
}
