package dev.noir.restreaming;

import dev.noir.access.PlainText;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.Scheduler;
import dev.noir.room.TrackWatch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Something of a room on its way out, for as long as the room is here. When the way is broken it is tried again, without end: the
 * far end may come back at any time.
 *
 * <pre>
 *                 somebody shows something       runs for 3 s
 *  WAITING, or ─────────────────────────▶ STARTING ─────────▶ RUNNING
 *  STARTING at first ◀──────────────────────── │ ◀───────────────┘
 *                     nobody does any more, or failed: after a while
 *
 *  stopped, room over, or refused for good: OVER
 * </pre>
 *
 * <p>Thread: any.
 */
public final class Restream implements TrackWatch {
    private static final Logger LOG = System.getLogger(Restream.class.getName());

    /** What runs for so long has been let in by the far end. */
    static final Duration LET_IN = Duration.ofSeconds(3);
    /** What has run for so long has gone well. */
    static final Duration PROVEN = Duration.ofSeconds(30);

    /** What it does. */
    public enum State {
        STARTING,
        RUNNING,
        WAITING,
        OVER
    }

    /** Where it is begun, and what it needs. */
    interface Home {
        Attempt attempt(Attempt.Events events, @Nullable Attempt before);

        Scheduler scheduler();

        /** It has failed once more. */
        void failed();

        /** Once. It is told of nothing any more. */
        void over(Restream ended);
    }

    // Given.
    private final String name;
    private final Choice choice;
    private final BackOff backOff;
    private final Home home;

    // Owned.
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    // State. Guarded by `this`.
    private final Set<WatchedTrack> tracks = new LinkedHashSet<>();
    private State state = State.STARTING;
    private String says = "";
    private @Nullable Attempt attempt;
    private @Nullable Attempt before;
    private @Nullable PeerName sent;
    private Scheduler.@Nullable Timer timer; // The next look, or the next attempt.

    /** @param name for the log */
    Restream(String name, Choice choice, BackOff backOff, Home home) {
        this.name = name;
        this.choice = choice;
        this.backOff = backOff;
        this.home = home;
    }

    /** Fails with a {@link RoomException}, whose words may be shown. */
    public CompletionStage<?> over() {
        return over.minimalCompletionStage();
    }

    public synchronized State state() {
        return state;
    }

    /** What it waits for, or why; empty when all is well. */
    public synchronized String says() {
        return says;
    }

    /** Whose media it sends now. */
    public synchronized Optional<PeerName> sent() {
        return Optional.ofNullable(sent);
    }

    @Override
    public synchronized void onTrack(WatchedTrack track) {
        tracks.add(track);
        review();
    }

    @Override
    public synchronized void onTrackGone(WatchedTrack track) {
        tracks.remove(track);
        review();
    }

    @Override
    public void onEnded() {
        end(Optional.empty());
    }

    @Override
    public void onMoved() {
        end(Optional.of(new RoomException(Code.UNAVAILABLE, "the room goes on at another server: start it there")));
    }

    /** It ends soon, and has not failed. */
    public void stop() {
        end(Optional.empty());
    }

    /** Sends what there is to send by now. */
    private void review() {
        if (state == State.OVER || (attempt == null && timer != null)) {
            return; // It is tried again when its time has come.
        }
        List<WatchedTrack> wanted = choice.of(tracks);
        PeerName whose = wanted.isEmpty() ? null : wanted.get(0).what().peer();
        if (attempt != null && (whose == null || !whose.equals(sent))) {
            drop(attempt);
        }
        sent = whose;
        if (whose == null) {
            state = State.WAITING;
            says = "there is nothing to send";
            return;
        }
        if (attempt == null) {
            state = State.STARTING;
            attempt = home.attempt(this::failed, before);
            before = null;
            lookLater();
        }
        attempt.feed(wanted);
    }

    private void drop(Attempt ended) {
        cancelTimer();
        before = ended;
        attempt = null;
        ended.end();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void lookLater() {
        timer = home.scheduler().schedule(Attempt.KEY_FRAMES, this::look);
    }

    private synchronized void look() {
        if (attempt == null || state == State.OVER) {
            return;
        }
        attempt.look();
        Duration runs = attempt.runs();
        if (runs.compareTo(PROVEN) >= 0) {
            backOff.reset();
        }
        if (runs.compareTo(LET_IN) >= 0) {
            state = State.RUNNING;
            says = "";
        }
        lookLater();
    }

    private void failed(Attempt broken, String why, boolean forGood) {
        String words = PlainText.of(why);
        if (forGood) {
            end(Optional.of(new RoomException(Code.INVALID, words)));
            return;
        }
        synchronized (this) {
            if (attempt != broken || state == State.OVER) {
                return;
            }
            drop(broken);
            sent = null;
            Duration wait = backOff.next();
            state = State.WAITING;
            says = words + "; tried again within " + Math.max(1, wait.toSeconds() + 1) + " s, after "
                    + backOff.failures() + (backOff.failures() == 1 ? " failure" : " failures");
            timer = home.scheduler().schedule(wait, this::tryAgain);
            LOG.log(Level.INFO, () -> name + ": " + says);
        }
        home.failed();
    }

    private synchronized void tryAgain() {
        timer = null;
        review();
    }

    private void end(Optional<RoomException> failure) {
        synchronized (this) {
            if (state == State.OVER) {
                return;
            }
            state = State.OVER;
            cancelTimer();
            if (attempt != null) {
                drop(attempt);
            }
            tracks.clear();
        }
        home.over(this);
        failure.ifPresentOrElse(over::completeExceptionally, () -> over.complete(null));
    }
}
