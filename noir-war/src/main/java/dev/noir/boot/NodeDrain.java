package dev.noir.boot;

import dev.noir.admin.DrainControl;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.room.CloseCause;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.SignalServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes the node out of service: no new rooms at once; when those that are here have emptied, or after the deadline, they are
 * given to other nodes and the clients attached here are sent away. Thread: any.
 */
final class NodeDrain implements DrainControl, AutoCloseable {
    private static final Logger LOG = System.getLogger(NodeDrain.class.getName());
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    // For rooms to be given away, which takes a round trip to Redis for each.
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(5);

    // For clients to answer our close frames.
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    // Given.
    private final RoomService rooms;
    private final RoutedRooms routes;
    private final NodeRegistry registry;
    private final SignalServer signal;
    private final Scheduler scheduler;
    private final Duration timeout;
    private final Runnable begins;

    // State.
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    // Volatile: set once, by whichever thread looks last.
    private volatile CompletableFuture<Void> handOver = new CompletableFuture<>();

    NodeDrain(
            RoomService rooms,
            RoutedRooms routes,
            NodeRegistry registry,
            SignalServer signal,
            Scheduler scheduler,
            Duration timeout,
            Runnable begins) {
        this.rooms = rooms;
        this.routes = routes;
        this.registry = registry;
        this.signal = signal;
        this.scheduler = scheduler;
        this.timeout = timeout;
        this.begins = begins;
    }

    @Override
    public void drain() {
        if (begun.compareAndSet(false, true)) {
            LOG.log(Level.INFO, "Draining: no new rooms; {0} rooms may go on for up to {1}", rooms.rooms(), timeout);
            begins.run();
            registry.setState(NodeState.DRAINING);
            rooms.drain();
            look(scheduler.nanoTime() + timeout.toNanos());
        }
    }

    private void look(long deadlineNanos) {
        boolean empty = rooms.rooms() == 0 && routes.routedPeers() == 0;
        if (empty || scheduler.nanoTime() - deadlineNanos >= 0) {
            finish();
        } else {
            scheduler.schedule(LOOK_INTERVAL, () -> look(deadlineNanos));
        }
    }

    private void finish() {
        handOver = rooms.handOver(CloseCause.GOING_AWAY)
                .thenCompose(given -> sendAway())
                .thenRun(this::drained);
    }

    /** Clients have been told; they go when their sockets have been closed, or when they take too long to answer that. */
    private CompletableFuture<Void> sendAway() {
        Scheduler.Timer limit = scheduler.schedule(CLOSE_LIMIT, this::drained);
        return signal.close().thenRun(limit::cancel);
    }

    private void drained() {
        if (done.complete(null)) {
            LOG.log(Level.INFO, "Drained");
        }
    }

    @Override
    public State state() {
        if (!begun.get()) {
            return State.UP;
        }
        return done.isDone() ? State.DRAINED : State.DRAINING;
    }

    /** Drains and waits for the end of it. */
    @Override
    public void close() {
        drain();
        try {
            done.get(timeout.plus(HAND_OVER_LIMIT).plus(CLOSE_LIMIT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "Not drained in time (handing over: {0}), stopping all the same", handOver);
        }
    }
}
