package dev.noir.playing;

import dev.noir.playing.Reading.Item;
import dev.noir.room.EncodedFrame;
import dev.noir.room.Playing;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import dev.noir.sdp.MediaKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays media in real time: each frame is given to a sink when it is due. Times of capture are those at which frames are due, so that they
 * go on as time does, over repeats, pauses and seeks. Thread: any for its methods; their work is done in their order, soon.
 *
 * <pre>
 *          start              end, failure, stop
 *   NEW ──────────▶ PLAYING ────────────────────▶ OVER
 *    └──────────────── stop ───────────────────────▲
 * </pre>
 */
public final class Player {
    /** As often as {@link Options#repeat} says: without end. */
    public static final int FOR_EVER = Playing.FOR_EVER;

    // Of what has been read and is not due yet.
    private static final long READ_AHEAD = Duration.ofMillis(500).toNanos();
    private static final long MAX_WAITING_BYTES = 4 << 20;

    // What is later than that is not caught up with.
    private static final long MAX_LATE = Duration.ofMillis(500).toNanos();

    // By how much one track may stand behind the other in a file.
    private static final long MAX_APART = Duration.ofSeconds(5).toNanos();

    /**
     * How to play.
     *
     * @param repeat how many times more after the first; {@link #FOR_EVER}
     * @param position where to begin the first time
     * @param paused begins with {@link Player#resume} only
     */
    public record Options(int repeat, Duration position, boolean paused) {
        /** Once, from the beginning, at once. */
        public static final Options ONCE = new Options(0, Duration.ZERO, false);

        /** @throws IllegalArgumentException negative, but for {@link #FOR_EVER} */
        public Options {
            if (repeat < FOR_EVER || position.isNegative()) {
                throw new IllegalArgumentException("repeat " + repeat + ", position " + position);
            }
        }
    }

    /** Where frames go. Thread: one call at a time, on a thread that may block; what takes long makes frames late. */
    public interface Sink {
        /** Before the first frame: at most one track of video and one of audio, and at least one. */
        void onTracks(List<SourceTrack> tracks);

        /**
         * It is due now.
         *
         * @param frame video begins with a key frame, and again after a seek and a repeat
         */
        void onFrame(SourceTrack track, EncodedFrame frame);

        /** All has been played. Nothing comes any more. Not after {@link Player#stop}. */
        void onEnded();

        /**
         * Instead of the end.
         *
         * @param words why it cannot be played, or not any more, for people
         */
        void onFailed(String words);
    }

    private enum State {
        NEW,
        PLAYING,
        OVER
    }

    /**
     * @param at on the timeline
     * @param repeats how many times more the file will be read after the time when this was
     */
    private record Due(long at, Item item, int repeats) {}

    // Given.
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Sink sink;

    // Owned.
    private final SerialExecutor tasks;
    private final Reading reading;
    private final Timeline timeline = new Timeline();
    private final Deque<Due> waitingVideo = new ArrayDeque<>();
    private final Deque<Due> waitingAudio = new ArrayDeque<>();

    // State. Thread: that of the tasks, but for what is volatile, which others read.
    private State state = State.NEW;
    private int repeats; // Of reading, which is ahead.
    private Duration from;
    private int turn; // Counts seeks: what has been read before one is of no use after it.
    private boolean isReading;
    private boolean isRead; // There is no more of it.
    private boolean roundIsEmpty = true;
    private long waitingBytes;
    private long playedTo;
    private Scheduler.@Nullable Timer timer;

    // When the timeline's beginning was, or would have been, on the scheduler's clock; of no meaning until it is
    // anchored.
    private long anchor;
    private boolean anchored;
    private long pausedAt;
    private long startNanos;
    private long startMicros;

    private volatile int repeatsLeft;
    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile Duration position;
    private volatile Optional<Duration> duration = Optional.empty();

    /**
     * @param source opens it, blocking; whatever it throws is a failure to play, {@link MediaFileException} in its words
     * @param blocking threads for what blocks, of which a player takes two at most
     */
    public Player(
            Callable<? extends FrameSource> source,
            Options options,
            Scheduler scheduler,
            InstantSource clock,
            Executor blocking,
            Sink sink) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.sink = sink;
        this.tasks = new SerialExecutor("player", blocking);
        this.reading = new Reading(source, blocking, new Arrivals());
        this.repeats = options.repeat();
        this.repeatsLeft = options.repeat();
        this.from = options.position();
        this.position = options.position();
        this.paused = options.paused();
    }

    /** Begins to play. Once. */
    public void start() {
        tasks.execute(() -> {
            if (state == State.NEW) {
                state = State.PLAYING;
                reading.open();
                begin(from);
            }
        });
    }

    /** Nothing comes until {@link #resume}, which goes on where this was. Harmless when it is paused. */
    public void pause() {
        tasks.execute(() -> {
            if (!paused) {
                paused = true;
                pausedAt = scheduler.nanoTime();
                disarm();
            }
        });
    }

    /** Goes on after {@link #pause}. Harmless when it plays. */
    public void resume() {
        tasks.execute(() -> {
            if (paused) {
                paused = false;
                anchor += scheduler.nanoTime() - pausedAt;
                play();
            }
        });
    }

    /** Goes on at the last key frame at or before a time in the file; when it is paused, it stays so. */
    public void seek(Duration to) {
        Duration target = to.isNegative() ? Duration.ZERO : to;
        position = target;
        tasks.execute(() -> {
            from = target;
            if (state == State.PLAYING) {
                disarm();
                begin(target);
            }
        });
    }

    /** Nothing comes any more but what is being handed over now. Stopping twice is harmless. */
    public void stop() {
        stopped = true;
        tasks.execute(this::end);
    }

    /** Where in the file it is. */
    public Duration position() {
        return position;
    }

    /** How many times more it will be played from the beginning; {@link #FOR_EVER}. */
    public int repeats() {
        return repeatsLeft;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Of the file, as far as it is known: not before {@link Sink#onTracks}. */
    public Optional<Duration> duration() {
        return duration;
    }

    /** Hears of what has been read. Thread: that of the reading. */
    private final class Arrivals implements Reading.Listener {
        @Override
        public void onOpened(List<SourceTrack> tracks, Optional<Duration> length) {
            duration = length;
            post(() -> sink.onTracks(tracks));
        }

        @Override
        public void onRead(int ofTurn, List<Item> items, boolean over) {
            post(() -> {
                if (ofTurn == turn) {
                    arrived(items, over);
                }
            });
        }

        @Override
        public void onFailed(String words) {
            post(() -> fail(words));
        }

        private void post(Runnable task) {
            tasks.execute(() -> {
                if (state == State.PLAYING && !stopped) {
                    task.run();
                }
            });
        }
    }

    /** From another place of the file on. */
    private void begin(Duration at) {
        turn++;
        repeats = repeatsLeft; // What has been read ahead has not been played.
        clear();
        anchored = false;
        isRead = false;
        timeline.begin(at.isZero());
        playedTo = timeline.end();
        reading.seek(at);
        read();
    }

    private void read() {
        isReading = true;
        reading.read(turn);
    }

    private void arrived(List<Item> items, boolean over) {
        isReading = false;
        try {
            for (Item item : items) {
                add(item);
            }
        } catch (MediaFileException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        roundIsEmpty &= items.isEmpty();
        if (over && roundIsEmpty) {
            fail("there is nothing in it that can be played");
            return;
        }
        if (over) {
            endRound();
        }
        play();
    }

    private void add(Item item) throws MediaFileException {
        MediaKind kind = item.track().kind();
        long at = timeline.place(kind, item.time(), item.length());
        if (at < playedTo - MAX_APART) {
            throw new MediaFileException("its audio and video are not side by side in the file;"
                    + " ffmpeg -i this.mkv -c copy that.mkv puts them there");
        }
        waiting(kind).add(new Due(at, item, repeats));
        waitingBytes += item.frame().data().length;
    }

    private void endRound() {
        if (repeats == 0) {
            isRead = true;
            return;
        }
        repeats -= repeats == FOR_EVER ? 0 : 1;
        roundIsEmpty = true;
        timeline.begin(true);
        reading.seek(Duration.ZERO);
    }

    /** Gives what is due to the sink, and sees to it that there is more. Whoever calls it need not know whether that is so. */
    private void play() {
        disarm();
        if (state != State.PLAYING) {
            return;
        }
        if (!paused) {
            giveDue(scheduler.nanoTime());
        }
        if (!isRead && !isReading && waitingBytes < MAX_WAITING_BYTES && span() < READ_AHEAD) {
            read();
        }
        if (!paused) {
            arm(scheduler.nanoTime());
        }
    }

    private void giveDue(long now) {
        Due next = next();
        if (next != null && !anchored) {
            anchor = now - next.at();
            anchored = true;
        }
        while (next != null && !stopped) {
            long late = now - anchor - next.at();
            if (late < 0) {
                return;
            }
            if (late > MAX_LATE && next.at() >= playedTo) {
                anchor += late;
            }
            give(next);
            next = next();
        }
    }

    /** The earliest; null: nothing is waiting. */
    private @Nullable Due next() {
        Due video = waitingVideo.peek();
        Due audio = waitingAudio.peek();
        if (video == null || audio == null) {
            return video == null ? audio : video;
        }
        return video.at() <= audio.at() ? video : audio;
    }

    private Deque<Due> waiting(MediaKind kind) {
        return kind == MediaKind.VIDEO ? waitingVideo : waitingAudio;
    }

    private void clear() {
        waitingVideo.clear();
        waitingAudio.clear();
        waitingBytes = 0;
    }

    private void give(Due due) {
        Item item = due.item();
        waiting(item.track().kind()).remove();
        EncodedFrame frame = item.frame();
        waitingBytes -= frame.data().length;
        playedTo = Math.max(playedTo, due.at());
        position = item.time().isNegative() ? Duration.ZERO : item.time();
        repeatsLeft = due.repeats();
        sink.onFrame(item.track(), frame.at(captureMicros(anchor + due.at())));
    }

    /** As soon as something is due there is a clock. */
    private long captureMicros(long dueNanos) {
        if (startMicros == 0) {
            startNanos = scheduler.nanoTime();
            startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        }
        return startMicros + TimeUnit.NANOSECONDS.toMicros(dueNanos - startNanos);
    }

    /** How much time the frames that wait take. */
    private long span() {
        Due first = next();
        if (first == null) {
            return 0;
        }
        Due video = waitingVideo.peekLast();
        Due audio = waitingAudio.peekLast();
        long last = Math.max(video == null ? first.at() : video.at(), audio == null ? first.at() : audio.at());
        return last - first.at();
    }

    private void arm(long now) {
        Due next = next();
        if (next != null) {
            wake(anchor + next.at() - now);
        } else if (isRead) {
            long rest = anchor + timeline.end() - now;
            if (rest > 0) {
                wake(rest);
            } else {
                end();
                sink.onEnded();
            }
        }
    }

    private void wake(long nanos) {
        timer = scheduler.schedule(Duration.ofNanos(Math.max(0, nanos)), () -> tasks.execute(this::play));
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void fail(String words) {
        end();
        sink.onFailed(words);
    }

    private void end() {
        disarm();
        if (state != State.OVER) {
            state = State.OVER;
            clear();
            reading.close();
        }
    }
}
