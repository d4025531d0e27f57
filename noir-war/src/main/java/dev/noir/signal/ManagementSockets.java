package dev.noir.signal;

import dev.noir.room.CloseCause;
import dev.noir.room.Scheduler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** All open sockets of administrators. Thread: any. */
public final class ManagementSockets implements AutoCloseable {
    static final int MAX_SOCKETS = 200;

    private static final int TRY_AGAIN_LATER = 1013; // RFC 6455 §7.4.1 and its registry.

    // Given.
    private final Scheduler scheduler;
    private final Executor threads;

    // Owned.
    private final Set<ManagementLink> links = ConcurrentHashMap.newKeySet();

    // Volatile: set once, by whoever stops the node.
    private volatile boolean closed;

    public ManagementSockets(Scheduler scheduler, Executor threads) {
        this.scheduler = scheduler;
        this.threads = threads;
    }

    Optional<ManagementLink> open(SocketPort socket, Management.Talk talk) {
        if (closed || links.size() >= MAX_SOCKETS) {
            threads.execute(() -> socket.close(
                    closed ? CloseCause.GOING_AWAY.code() : TRY_AGAIN_LATER,
                    closed ? CloseCause.GOING_AWAY.reason() : "too many administrators are connected"));
            return Optional.empty();
        }
        ManagementLink link = new ManagementLink(this, new Outbox(socket, threads), talk);
        links.add(link);
        link.start();
        if (closed) { // Since the question above.
            link.goAway();
        }
        return Optional.of(link);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    void forget(ManagementLink link) {
        links.remove(link);
    }

    /** Everybody is told; new ones are refused. */
    @Override
    public void close() {
        closed = true;
        links.forEach(ManagementLink::goAway);
    }
}
