package dev.noir.signal;

import dev.noir.room.CloseCause;
import dev.noir.room.Scheduler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** All open connections of administrators that stay. Thread: any. */
public final class ManagementSockets implements AutoCloseable {
    static final int MAX_SOCKETS = 200;

    private static final int TRY_AGAIN_LATER = 1013; // RFC 6455 §7.4.1 and its registry.

    // Given.
    private final Scheduler scheduler;
    private final Executor threads;

    // Owned.
    private final Set<ManagedSession> links = ConcurrentHashMap.newKeySet();

    // Volatile: set once, by whoever stops the node.
    private volatile boolean closed;

    public ManagementSockets(Scheduler scheduler, Executor threads) {
        this.scheduler = scheduler;
        this.threads = threads;
    }

    /** Makes the session of a connection that has just been opened. */
    public interface Maker<S extends ManagedSession> {
        S make(ManagementSockets sockets, Outbox outbox);
    }

    /** One that speaks JSON-RPC; as the other one. */
    Optional<ManagementLink> open(SocketPort socket, Management.Talk talk) {
        return open(socket, (sockets, outbox) -> new ManagementLink(sockets, outbox, talk));
    }

    /** Takes over a connection that has just been opened; empty when it was refused and closed. */
    public <S extends ManagedSession> Optional<S> open(SocketPort socket, Maker<S> maker) {
        if (closed || links.size() >= MAX_SOCKETS) {
            threads.execute(() -> socket.close(
                    closed ? CloseCause.GOING_AWAY.code() : TRY_AGAIN_LATER,
                    closed ? CloseCause.GOING_AWAY.reason() : "too many administrators are connected"));
            return Optional.empty();
        }
        S link = maker.make(this, new Outbox(socket, threads));
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

    void forget(ManagedSession link) {
        links.remove(link);
    }

    /** Everybody is told; new ones are refused. */
    @Override
    public void close() {
        closed = true;
        links.forEach(ManagedSession::goAway);
    }
}
