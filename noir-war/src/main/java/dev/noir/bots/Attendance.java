package dev.noir.bots;

import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bot for those who wait in a room's lobby: it comes when somebody waits, whichever node hosts the room, and goes a minute after the
 * last one, or with the room. One that leaves by itself has said what it had to say, and comes again for the next who comes to wait.
 *
 * <pre>
 * nobody waits ──somebody──▶ bot there ──nobody for a minute──▶ nobody waits
 *      ▲                        │
 *      └──somebody new, or nobody── bot has left by itself
 * </pre>
 *
 * <p>Thread: any. State is guarded by `this`; whoever is called under it does not block.
 */
public final class Attendance implements BotRun {
    /** How often it is looked whether somebody waits. */
    static final Duration LOOK = Duration.ofSeconds(2);
    /** So long it stays when nobody waits any more: most often the next one is not far. */
    static final Duration STAY = Duration.ofSeconds(60);

    private static final String NOBODY = "nobody waits in the lobby";

    // Given.
    private final BotWorkers workers;
    private final BotOrder order;
    private final Supplier<CompletionStage<Integer>> waiting;
    private final Scheduler scheduler;

    // State.
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private @Nullable BotRun run;
    private long lastWaited;
    private int lastCount;
    private int attended; // So many of those who wait have heard what a bot that has left had to say.
    private boolean stopped;

    private Attendance(
            BotWorkers workers, BotOrder order, Supplier<CompletionStage<Integer>> waiting, Scheduler scheduler) {
        this.workers = workers;
        this.order = order.attending();
        this.waiting = waiting;
        this.scheduler = scheduler;
    }

    /**
     * Begins to look.
     *
     * @param waiting asks how many wait, and returns at once; what fails counts for nobody
     */
    public static BotRun begin(
            BotWorkers workers, BotOrder order, Supplier<CompletionStage<Integer>> waiting, Scheduler scheduler) {
        Attendance begun = new Attendance(workers, order, waiting, scheduler);
        begun.look();
        return begun;
    }

    private void look() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            scheduler.schedule(LOOK, this::look); // First: whatever becomes of this look, there is a next one.
        }
        CompletionStage<?> unused = waiting.get().whenComplete((count, failure) -> seen(failure == null ? count : 0));
    }

    private synchronized void seen(int count) {
        if (stopped) {
            return;
        }
        long now = scheduler.nanoTime();
        lastCount = count;
        attended = Math.min(attended, count);
        if (count > 0) {
            lastWaited = now;
        }
        BotRun current = run;
        if (current == null && count > attended) {
            start();
        } else if (current != null && now - lastWaited >= STAY.toNanos()) {
            run = null;
            current.stop();
        }
    }

    private void start() {
        BotRun started = workers.start(order);
        run = started;
        CompletionStage<?> unused = started.over().whenComplete((done, failure) -> left(started, failure));
    }

    private void left(BotRun which, @Nullable Throwable failure) {
        synchronized (this) {
            if (run != which) {
                return; // We have sent it away.
            }
            run = null;
            attended = lastCount;
            if (failure == null) {
                return;
            }
            stopped = true;
        }
        over.completeExceptionally(failure);
    }

    @Override
    public synchronized boolean isJoined() {
        return run != null && run.isJoined();
    }

    @Override
    public synchronized boolean isIdle() {
        return run == null;
    }

    @Override
    public synchronized String says() {
        return run == null ? NOBODY : run.says();
    }

    @Override
    public CompletionStage<?> over() {
        return over.minimalCompletionStage();
    }

    @Override
    public void stop() {
        BotRun last;
        synchronized (this) {
            stopped = true;
            last = run;
            run = null;
        }
        if (last != null) {
            last.stop();
        }
        over.complete(null);
    }
}
