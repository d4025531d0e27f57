package dev.noir.bus;

import dev.noir.room.SerialExecutor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bus in memory. Buses made of the same {@link Shared} are nodes that reach each other. Thread: any. */
public final class LocalNodeBus implements NodeBus {
    /** Envelopes on their way to one node; more are refused. */
    static final int INBOX_LIMIT = 8192;

    /** What the nodes of one process share. */
    public static final class Shared {
        private final ConcurrentMap<String, LocalNodeBus> nodes = new ConcurrentHashMap<>();
    }

    // Given.
    private final String node;
    private final Shared shared;

    // Owned.
    private final SerialExecutor inbox;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicReference<@Nullable Consumer<Envelope>> receiver = new AtomicReference<>();

    /** @param threads where envelopes are delivered, one at a time */
    public LocalNodeBus(String node, Shared shared, Executor threads) {
        this.node = node;
        this.shared = shared;
        this.inbox = new SerialExecutor("inbox of node " + node, threads);
        shared.nodes.put(node, this);
    }

    @Override
    public boolean send(Envelope envelope) {
        if (!envelope.from().equals(node)) {
            throw new IllegalArgumentException("an envelope from " + envelope.from() + " on the bus of " + node);
        }
        LocalNodeBus target = shared.nodes.get(envelope.to());
        return shared.nodes.get(node) == this && target != null && target.accept(envelope);
    }

    private boolean accept(Envelope envelope) {
        if (waiting.incrementAndGet() > INBOX_LIMIT) {
            waiting.decrementAndGet();
            return false;
        }
        inbox.execute(() -> deliver(envelope));
        return true;
    }

    private void deliver(Envelope envelope) {
        waiting.decrementAndGet();
        Consumer<Envelope> consumer = receiver.get();
        if (consumer != null) {
            consumer.accept(envelope);
        }
    }

    @Override
    public void listen(Consumer<Envelope> newReceiver) {
        if (!receiver.compareAndSet(null, newReceiver)) {
            throw new IllegalStateException("somebody listens already");
        }
    }

    @Override
    public void close() {
        shared.nodes.remove(node, this);
        receiver.set(null);
    }
}
