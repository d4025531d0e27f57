package dev.noir.bots;

import dev.noir.access.Password;
import dev.noir.access.PlainText;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One bot that is wanted in a room, at whichever worker. Guarded by its owner, but for {@link #over} and {@link #complete}. */
final class Stay implements BotRun {
    /** In a row. */
    static final int MAX_ATTEMPTS = 10;
    /** What has been in the room for so long has come through. */
    static final Duration PROVEN = Duration.ofSeconds(60);

    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private enum State {
        WAITING,
        PLACED,
        JOINED,
        OVER
    }

    private final BotWorkers owner;
    private final String id;
    private volatile BotOrder order; // Read by the log, too.
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private State state = State.WAITING;
    private String says = "";
    private String arrival = ""; // What there is to be said while it is in the room.
    private int attempts;
    private int places = BotWorkers.AT_ONCE;
    private long joinedAt;
    private @Nullable Worker worker;
    private Scheduler.@Nullable Timer timer;

    Stay(BotWorkers owner, String id, BotOrder order) {
        this.owner = owner;
        this.id = id;
        this.order = order;
    }

    String id() {
        return id;
    }

    BotOrder order() {
        return order;
    }

    void placed(Worker at) {
        state = State.PLACED;
        worker = at;
        timer = null;
    }

    void joined(long now) {
        if (state == State.PLACED) {
            state = State.JOINED;
            joinedAt = now;
            says = arrival;
        }
    }

    /** Of the process it is to be in. */
    int places() {
        return places;
    }

    /** Its process has crashed with so many bots in it: whichever of them it was is sought by halves. */
    void suspect(int together) {
        places = Math.max(1, (together + 1) / 2);
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** After what time it is to be tried again; empty: it has been tried often enough. */
    Optional<Duration> lost(long now, String why) {
        if (state == State.OVER) {
            return Optional.empty();
        }
        says = why;
        if (state == State.JOINED && now - joinedAt >= PROVEN.toNanos()) {
            attempts = 0;
            places = BotWorkers.AT_ONCE;
        }
        state = State.WAITING;
        worker = null;
        if (attempts == MAX_ATTEMPTS) {
            return Optional.empty();
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(attempts++, 5));
        return Optional.of(wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT);
    }

    /** It goes on in another room, at once. */
    void moves(String room, Password password) {
        order = order.at(room, password);
        arrival = "moved to " + PlainText.of(room);
        says = arrival;
        state = State.WAITING;
        worker = null;
    }

    void waits(Scheduler.Timer until) {
        timer = until;
    }

    /** False when it has been over before. */
    boolean finish() {
        if (state == State.OVER) {
            return false;
        }
        state = State.OVER;
        if (timer != null) {
            timer.cancel();
        }
        return true;
    }

    void complete(Optional<String> failure) {
        failure.ifPresentOrElse(why -> over.completeExceptionally(new BotException(why)), () -> over.complete(null));
    }

    @Override
    public boolean isJoined() {
        synchronized (owner) {
            return state == State.JOINED;
        }
    }

    @Override
    public String says() {
        synchronized (owner) {
            return says;
        }
    }

    @Override
    public CompletionStage<?> over() {
        return over.minimalCompletionStage();
    }

    @Override
    public void stop() {
        Worker at;
        synchronized (owner) {
            at = worker;
        }
        owner.stop(this, at);
    }

    @Override
    public String toString() {
        return order.toString();
    }
}
