package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.PlainText;
import dev.noir.admin.CommandException.Code;
import dev.noir.room.CloseCause;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerName;
import dev.noir.room.PeerRequests;
import dev.noir.room.Playing;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.TransportRole;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A file that is played into a room, from the side of who wants it: the link of the peer that it is. When the room's host goes, it
 * joins anew wherever the room is then, and goes on where it was.
 *
 * <pre>
 *          answered          played, stopped, room ended
 * JOINING ──────────▶ PLAYING ─────────────────────────▶ OVER
 *   ▲    ◀────────────   │  removed, not playable           ▲
 *   │      host lost     └──────────────────────────────────┤
 *   └── not for good: again after a while; refused, too often ┘
 * </pre>
 *
 * <p>Thread: any.
 */
final class PlayedFile implements PeerLink, JobKind.Run {
    private static final Logger LOG = System.getLogger(PlayedFile.class.getName());

    /** So often in a row a host is looked for, each time waiting a second longer: for two minutes. */
    static final int MAX_ATTEMPTS = 15;
    /** What has played for so long has come through; what fails before that may do so at the same place again. */
    static final Duration PROVEN = Duration.ofSeconds(30);

    // Of an end that is none: the host or its media is gone, but not the room.
    private static final Set<Integer> GO_ON = Set.of(
            CloseCause.GOING_AWAY.code(),
            CloseCause.ROOM_LOST.code(),
            CloseCause.ROOM_MOVED.code(),
            CloseCause.REJOIN.code(),
            CloseCause.MEDIA_FAILED_CODE);

    private enum State {
        JOINING,
        PLAYING,
        OVER
    }

    // Given.
    private final PeerRequests rooms;
    private final Scheduler scheduler;
    private final RoomId room;
    private final PeerName name;

    // Owned.
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    // State. Guarded by `this`.
    private State state = State.JOINING;
    private Playing now;
    private int attempts;
    private long playingSince; // By the scheduler's clock.

    PlayedFile(PeerRequests rooms, Scheduler scheduler, RoomId room, PeerName name, Playing what) {
        this.rooms = rooms;
        this.scheduler = scheduler;
        this.room = room;
        this.name = name;
        this.now = what;
    }

    /** @throws RoomException when that is refused at first sight */
    void begin() {
        rooms.join(this, request(), new Joining());
    }

    private synchronized JoinRequest request() {
        return new JoinRequest(room, name, now.text(), JoinConfig.INJECTED, Caller.ANONYMOUS, Password.NONE, Set.of());
    }

    /** Of a join. */
    private final class Joining extends Outcome {
        @Override
        public void answer(String text) {
            if (!joined()) {
                rooms.leave(PlayedFile.this); // Stopped meanwhile, when there was nothing to leave.
            }
        }

        @Override
        public void error(RoomException refusal) {
            if (refusal.code() == RoomException.Code.UNAVAILABLE) {
                tryAgain(String.valueOf(refusal.getMessage()));
            } else {
                end(Optional.of(CommandException.of(refusal)));
            }
        }
    }

    private synchronized boolean joined() {
        if (state == State.JOINING) {
            state = State.PLAYING;
            playingSince = scheduler.nanoTime();
        }
        return state == State.PLAYING;
    }

    private void tryAgain(String why) {
        Duration wait;
        synchronized (this) {
            if (state == State.OVER) {
                return;
            }
            state = State.JOINING;
            wait = Duration.ofSeconds(attempts++);
        }
        if (wait.toSeconds() >= MAX_ATTEMPTS) {
            end(Optional.of(new CommandException(Code.UNAVAILABLE, why)));
        } else {
            LOG.log(Level.INFO, () -> PlainText.of(this + ": looks for the room again: " + why));
            scheduler.schedule(wait, this::joinAgain);
        }
    }

    private void joinAgain() {
        synchronized (this) {
            if (state != State.JOINING) {
                return;
            }
        }
        new Joining().ask(reply -> rooms.join(this, request(), reply));
    }

    @Override
    public CompletionStage<?> over() {
        return over.minimalCompletionStage();
    }

    @Override
    public synchronized JobKind.Progress progress() {
        JobKind.State seen = now.paused() ? JobKind.State.PAUSED : JobKind.State.RUNNING;
        return new JobKind.Progress(
                state == State.JOINING ? JobKind.State.STARTING : seen,
                Optional.of(name.value()),
                Optional.of(now.position()),
                "");
    }

    @Override
    public CompletionStage<?> control(JobKind.Action action, OptionalLong position) {
        Playing.Change change =
                switch (action) {
                    case PAUSE -> new Playing.Change(Optional.of(true), OptionalLong.empty());
                    case RESUME -> new Playing.Change(Optional.of(false), OptionalLong.empty());
                    case SEEK -> new Playing.Change(Optional.empty(), position);
                };
        CompletableFuture<Void> done = new CompletableFuture<>();
        new Outcome() {
            @Override
            public void answer(String text) {
                changed(change);
                done.complete(null);
            }

            @Override
            public void error(RoomException refusal) {
                done.completeExceptionally(
                        refusal.code() == RoomException.Code.NOT_JOINED
                                ? new CommandException(Code.UNAVAILABLE, "it is not in the room now, try again")
                                : CommandException.of(refusal));
            }
        }.ask(reply -> rooms.offer(this, change.text(), reply));
        return done.minimalCompletionStage();
    }

    private synchronized void changed(Playing.Change change) {
        now = now.with(change);
    }

    @Override
    public void stop() {
        end(Optional.empty());
        rooms.leave(this);
    }

    private void end(Optional<CommandException> failure) {
        synchronized (this) {
            if (state == State.OVER) {
                return;
            }
            state = State.OVER;
        }
        failure.ifPresentOrElse(over::completeExceptionally, () -> over.complete(null));
    }

    @Override
    public void close(CloseCause cause) {
        if (GO_ON.contains(cause.code())) {
            tryAgain(cause.reason());
        } else if (cause.code() == CloseCause.ROOM_ENDED.code()) {
            end(Optional.empty());
        } else {
            end(Optional.of(new CommandException(Code.FORBIDDEN, cause.reason())));
        }
    }

    @Override
    public void left() {
        end(Optional.empty());
    }

    @Override
    public void notify(Notification notification) {
        if (notification instanceof Notification.PlayingMoved moved) {
            synchronized (this) {
                now = moved.now();
                if (scheduler.nanoTime() - playingSince >= PROVEN.toNanos()) {
                    attempts = 0;
                }
            }
        }
    }

    @Override
    public void offer(String sdp) {
        // Such a peer receives nothing.
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        // It has no connection.
    }

    /** Of a request to the room, which answers with what is played. */
    private abstract static class Outcome implements Reply {
        @Override
        public void done() {
            throw new IllegalStateException("an answer was expected");
        }

        @Override
        public void result(ModerationResult result) {
            throw new IllegalStateException("nothing was moderated");
        }
    }

    @Override
    public String toString() {
        return room + "/" + name;
    }
}
