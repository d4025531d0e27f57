package dev.noir.bots;

import dev.noir.room.Scheduler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has bots in processes of their own, a few in each, and sees to it that what happens to a process happens to its bots alone. One
 * that ends, or says nothing for some seconds, is replaced, and its bots join again, after a while that becomes longer. One that
 * has had so many bots gets no others, since libwebrtc does not give all memory back.
 *
 * <p>Nobody says which bot it was that has crashed a process: those that were in it are in processes for half as many then, without
 * others, until the one is alone.
 *
 * <p>A stay is {@code WAITING} for a place, {@code PLACED} at a worker, {@code JOINED}, or {@code OVER}; what is lost waits again.
 *
 * <p>Thread: any. State is guarded by `this`, and nobody else is called under it but workers, which do not block.
 */
public final class BotWorkers implements AutoCloseable {
    /** Bots of a process at the same time. */
    static final int AT_ONCE = 20;
    /** Between heartbeats there is one second. */
    static final Duration SILENCE = Duration.ofSeconds(4);
    /** For a Java VM and libwebrtc, on a machine that has much else to do. */
    static final Duration START = Duration.ofSeconds(30);
    /** After which a process without bots is ended. */
    static final Duration IDLE = Duration.ofSeconds(60);

    private static final Logger LOG = System.getLogger(BotWorkers.class.getName());
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(3);

    /**
     * How it has gone since the start.
     *
     * @param crashes processes that have ended though they were not to
     * @param hangs of those, the ones that were killed because they said nothing any more
     * @param recycled processes that have been replaced since they had had enough bots
     * @param rejoins of bots that had been lost
     */
    public record Counts(int workers, int bots, long started, long crashes, long hangs, long recycled, long rejoins) {}

    // Given.
    private final WorkerProcess.Source source;
    private final Function<BotOrder, BotWords.Door> doors;
    private final int recycle;
    private final Executor executor;
    private final Scheduler scheduler;

    // State.
    private final Set<Worker> workers = new LinkedHashSet<>();
    private final Set<Stay> stays = new LinkedHashSet<>();
    private long names;
    private long started;
    private long crashes;
    private long hangs;
    private long recycled;
    private long rejoins;
    private boolean checks;
    private boolean closed;

    /**
     * @param doors where a bot joins, made anew each time
     * @param recycle after so many bots a process gets no more
     * @param executor for tasks that wait a little
     */
    public BotWorkers(
            WorkerProcess.Source source,
            Function<BotOrder, BotWords.Door> doors,
            int recycle,
            Executor executor,
            Scheduler scheduler) {
        this.source = source;
        this.doors = doors;
        this.recycle = recycle;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** Returns at once. */
    public BotRun start(BotOrder order) {
        Stay stay;
        synchronized (this) {
            stay = new Stay(this, "b" + ++names, order);
            stays.add(stay);
        }
        executor.execute(() -> place(stay));
        return stay;
    }

    public synchronized Counts counts() {
        return new Counts(workers.size(), stays.size(), started, crashes, hangs, recycled, rejoins);
    }

    void place(Stay stay) {
        Worker fresh = null;
        synchronized (this) {
            if (closed || stay.isOver()) {
                return;
            }
            Worker worker = workers.stream()
                    .filter(one -> one.hasPlaceFor(stay))
                    .findFirst()
                    .orElse(null);
            if (worker == null) {
                fresh = new Worker(this, "bots-" + ++started, stay.places(), scheduler.nanoTime());
                worker = fresh;
                workers.add(worker);
            }
            worker.take(stay, recycle);
            if (worker.isReady()) {
                worker.tell(BotWords.start(stay.id(), stay.order(), doors.apply(stay.order())));
            }
        }
        if (fresh != null) {
            launch(fresh);
        }
    }

    private void launch(Worker worker) {
        WorkerProcess process;
        try {
            process = source.start(worker.name(), worker);
        } catch (IOException e) {
            lost(worker, Optional.of("no process of bots can be started: " + e.getMessage()));
            return;
        }
        synchronized (this) {
            worker.has(process);
            if (closed) {
                process.kill();
            }
            if (!checks) {
                checks = true;
                scheduler.schedule(CHECK, this::check);
            }
        }
    }

    /** Each second, for as long as there are workers. */
    private void check() {
        long now = scheduler.nanoTime();
        synchronized (this) {
            for (Worker worker : workers) {
                if (worker.isSilent(now)) {
                    hangs++;
                    LOG.log(Level.WARNING, "{0} says nothing any more, and is killed", worker.name());
                    worker.kill();
                } else if (worker.isIdle(now)) {
                    worker.end(now);
                } else if (worker.hasNotEnded(now, END)) {
                    worker.kill();
                }
            }
            checks = !closed && !workers.isEmpty();
            if (checks) {
                scheduler.schedule(CHECK, this::check);
            }
        }
    }

    /** A worker has something to say. */
    void said(Worker worker, BotWords.Said said) {
        Runnable after = () -> {};
        synchronized (this) {
            worker.heard(scheduler.nanoTime());
            switch (said.what()) {
                case READY -> {
                    worker.ready();
                    for (Stay stay : worker.stays()) {
                        if (stay.isOver()) {
                            worker.drop(stay.id(), scheduler.nanoTime());
                        } else {
                            worker.tell(BotWords.start(stay.id(), stay.order(), doors.apply(stay.order())));
                        }
                    }
                }
                case FAILED -> worker.cannot(said.why());
                case JOINED -> worker.find(said.bot()).ifPresent(stay -> stay.joined(scheduler.nanoTime()));
                case OVER -> {
                    Optional<Stay> stay = worker.drop(said.bot(), scheduler.nanoTime());
                    if (stay.isPresent()) {
                        after = settled(stay.get(), said);
                    }
                }
                case ALIVE -> {}
            }
        }
        after.run();
    }

    private Runnable settled(Stay stay, BotWords.Said said) {
        if (!said.room().isEmpty() && !stay.isOver()) {
            stay.moves(said.room(), said.password());
            LOG.log(Level.INFO, () -> stay + " has come from another room");
            return () -> executor.execute(() -> place(stay));
        }
        if (!said.failed()) {
            return finished(stay, Optional.empty());
        }
        return said.again() ? again(stay, said.why()) : finished(stay, Optional.of(said.why()));
    }

    /** Later, unless that has been tried too often. What is returned is done outside of our lock. */
    private Runnable again(Stay stay, String why) {
        Optional<Duration> wait = stay.lost(scheduler.nanoTime(), why);
        if (stay.isOver()) {
            return () -> {};
        }
        if (wait.isEmpty()) {
            return finished(stay, Optional.of(why));
        }
        rejoins++;
        LOG.log(Level.INFO, () -> stay + " joins again in " + wait.get().toSeconds() + " s: " + why);
        stay.waits(scheduler.schedule(wait.get(), () -> executor.execute(() -> place(stay))));
        return () -> {};
    }

    private Runnable finished(Stay stay, Optional<String> failure) {
        stays.remove(stay);
        return stay.finish() ? () -> stay.complete(failure) : () -> {};
    }

    /**
     * A worker is no more.
     *
     * @param fatal why it makes no sense to try that again
     */
    void lost(Worker worker, Optional<String> fatal) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (!workers.remove(worker)) {
                return;
            }
            Optional<String> complaint = fatal.or(worker::complaint);
            if (worker.hasEndedByItself() && !closed) {
                crashes++;
                LOG.log(
                        Level.WARNING,
                        () -> worker.name() + " has ended, with "
                                + worker.stays().size() + " bots"
                                + complaint.map(why -> ": " + why).orElse(""));
            } else if (worker.isUsedUp()) {
                recycled++;
            }
            boolean suspects = worker.isReady() && worker.hasEndedByItself();
            List<Stay> together = worker.stays();
            for (Stay stay : together) {
                after.add(complaint.isPresent() ? finished(stay, complaint) : again(stay, "its process has ended"));
                if (suspects) {
                    stay.suspect(together.size());
                }
            }
        }
        after.forEach(Runnable::run);
    }

    void stop(Stay stay, @Nullable Worker at) {
        Runnable after;
        synchronized (this) {
            after = finished(stay, Optional.empty());
            if (at != null) {
                at.idle(scheduler.nanoTime());
                at.tell(BotWords.stop(stay.id()));
            }
        }
        after.run();
    }

    /** All bots leave. Blocks until the processes have ended, for some seconds at most. */
    @Override
    public void close() {
        List<Worker> ending;
        List<Stay> left;
        synchronized (this) {
            closed = true;
            ending = List.copyOf(workers);
            left = List.copyOf(stays);
        }
        left.forEach(Stay::stop);
        ending.forEach(worker -> worker.end(scheduler.nanoTime()));
        ending.forEach(worker -> worker.awaitEnd(END));
    }
}
