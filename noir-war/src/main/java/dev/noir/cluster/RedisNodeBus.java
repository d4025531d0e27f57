package dev.noir.cluster;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bus over Redis: an outbox that writes into other nodes' streams, an inbox that reads this node's. Thread: any. */
final class RedisNodeBus implements NodeBus {
    // Given.
    private final RedisNodeRegistry registry;
    private final RedisOutbox outbox;
    private final BusCounters counters;

    // State.
    private final AtomicReference<@Nullable Consumer<Envelope>> receiver = new AtomicReference<>();

    // Volatile: set by whoever closes it.
    private volatile boolean closed;

    RedisNodeBus(RedisNodeRegistry registry, RedisOutbox outbox, BusCounters counters) {
        this.registry = registry;
        this.outbox = outbox;
        this.counters = counters;
    }

    @Override
    public boolean send(Envelope envelope) {
        String self = registry.self().id();
        if (!envelope.from().equals(self)) {
            throw new IllegalArgumentException("an envelope from " + envelope.from() + " on the bus of " + self);
        }
        Optional<NodeRecord> to = closed || !registry.isConnected() ? Optional.empty() : registry.record(envelope.to());
        boolean sent = to.isPresent() && outbox.send(envelope, to.get());
        if (!sent) {
            counters.refusedCount.increment();
        }
        return sent;
    }

    @Override
    public void listen(Consumer<Envelope> newReceiver) {
        if (!receiver.compareAndSet(null, newReceiver)) {
            throw new IllegalStateException("somebody listens already");
        }
    }

    /** For the inbox. */
    void deliver(Envelope envelope) {
        Consumer<Envelope> current = receiver.get();
        if (current != null && !closed) {
            current.accept(envelope);
        }
    }

    /** What has been taken is still sent. */
    @Override
    public void close() {
        closed = true;
        outbox.close();
    }
}
