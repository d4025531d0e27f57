package dev.noir.signal;

import dev.noir.access.NameRule;
import dev.noir.access.Quotas;
import dev.noir.access.Visitor;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.room.CloseCause;
import dev.noir.room.PeerRequests;
import dev.noir.room.Scheduler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All open signalling sockets of this node. Thread: any. */
public final class SignalServer {
    // RFC 6455 §7.4.1 and its registry.
    static final int TRY_AGAIN_LATER = 1013;

    // Given.
    private final SignalLimits limits;
    private final Quotas quotas;
    private final PeerRequests rooms;
    private final Joins joins;
    private final RequestDispatcher dispatcher;
    private final Scheduler scheduler;
    private final Executor threads;

    // Owned.
    private final Set<ClientSession> links = ConcurrentHashMap.newKeySet();
    private final JsonRpcCodec codec = new JsonRpcCodec();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> quiet = new CompletableFuture<>();

    /** Nobody is counted. */
    public SignalServer(
            SignalLimits limits,
            PeerRequests rooms,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            NameRule names) {
        this(limits, Quotas.unlimited(), rooms, scheduler, threads, random, names);
    }

    public SignalServer(
            SignalLimits limits,
            Quotas quotas,
            PeerRequests rooms,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            NameRule names) {
        this.limits = limits;
        this.quotas = quotas;
        this.rooms = rooms;
        this.scheduler = scheduler;
        this.threads = threads;
        this.joins = new Joins(rooms, quotas, random, names);
        this.dispatcher = new RequestDispatcher(rooms, joins);
    }

    /** Makes the session of a connection that has just been opened. */
    public interface Maker<S extends ClientSession> {
        S make(SignalServer server, Outbox outbox, Visitor visitor);
    }

    /** Takes over a socket that speaks JSON-RPC; as the other one. */
    Optional<ClientLink> open(SocketPort socket, Visitor visitor) {
        return open(socket, visitor, ClientLink::new);
    }

    /** Takes over a connection that has just been opened; empty when it was refused and closed. */
    public <S extends ClientSession> Optional<S> open(SocketPort socket, Visitor visitor, Maker<S> maker) {
        if (closed.get()) {
            refuse(socket, CloseCause.GOING_AWAY.code(), CloseCause.GOING_AWAY.reason());
            return Optional.empty();
        }
        if (links.size() >= limits.maxSockets()) {
            refuse(socket, TRY_AGAIN_LATER, "the server has too many connections, try again later");
            return Optional.empty();
        }
        Optional<String> overLimit = quotas.open(visitor.caller());
        if (overLimit.isPresent()) {
            refuse(socket, TRY_AGAIN_LATER, overLimit.get());
            return Optional.empty();
        }
        S link = maker.make(this, new Outbox(socket, threads), visitor);
        links.add(link);
        link.start();
        if (closed.get()) { // Since the question above.
            link.close(CloseCause.GOING_AWAY);
        }
        return Optional.of(link);
    }

    private void refuse(SocketPort socket, int code, String reason) {
        threads.execute(() -> socket.close(code, reason));
    }

    void forget(ClientSession link) {
        if (links.remove(link)) {
            synchronized (link) {
                quotas.close(link.caller());
            }
        }
        checkQuiet();
    }

    /** A session that was somebody's, or nobody's, is somebody else's; or why it may not be. */
    Optional<String> recount(ClientSession link, Visitor known) {
        synchronized (link) {
            if (!links.contains(link)) {
                return Optional.of("the connection has been closed");
            }
            Optional<String> overLimit = quotas.open(known.caller());
            if (overLimit.isEmpty()) {
                quotas.close(link.caller());
                link.visitor(known);
            }
            return overLimit;
        }
    }

    /** Sockets open now. */
    public int sockets() {
        return links.size();
    }

    public SignalLimits limits() {
        return limits;
    }

    Quotas quotas() {
        return quotas;
    }

    PeerRequests rooms() {
        return rooms;
    }

    Joins joins() {
        return joins;
    }

    RequestDispatcher dispatcher() {
        return dispatcher;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    JsonRpcCodec codec() {
        return codec;
    }

    /**
     * Tells every client that the server is going down and closes its socket; new ones are refused.
     *
     * @return done when the container has closed the last of them. Until then they must have threads: nobody else would close
     *     them, not every server does it for an application that it has stopped. A client that does not answer may hold it up.
     */
    public CompletableFuture<@Nullable Void> close() {
        closed.set(true);
        links.forEach(link -> link.close(CloseCause.GOING_AWAY));
        checkQuiet();
        return quiet;
    }

    private void checkQuiet() {
        if (closed.get() && links.isEmpty()) {
            quiet.complete(null);
        }
    }
}
