package dev.noir.redis;

import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.bus.NodeBus;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bus over Redis: an outbox that writes into other nodes' streams, an inbox that reads this node's. Thread: any. */
final class RedisNodeBus implements NodeBus {
    // Whoever can write to Redis can make up names.
    private static final int NEWCOMERS_LIMIT = 256;

    // Given.
    private final RedisNodeRegistry registry;
    private final RedisOutbox outbox;
    private final BusCounters counters;
    private final Heartbeat heartbeat;

    // State. Who has sent us something before we have heard of it in a heartbeat, with its life: it wants an answer
    // now.
    private final ConcurrentMap<String, String> newcomers = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Consumer<Envelope>> receiver = new AtomicReference<>();

    // Volatile: set by whoever closes it.
    private volatile boolean closed;

    RedisNodeBus(RedisNodeRegistry registry, RedisOutbox outbox, BusCounters counters, Heartbeat heartbeat) {
        this.registry = registry;
        this.outbox = outbox;
        this.counters = counters;
        this.heartbeat = heartbeat;
    }

    @Override
    public boolean send(Envelope envelope) {
        String self = registry.self().id();
        if (!envelope.from().equals(self)) {
            throw new IllegalArgumentException("an envelope from " + envelope.from() + " on the bus of " + self);
        }
        Optional<String> to = closed || !registry.isConnected() ? Optional.empty() : incarnation(envelope.to());
        boolean sent = to.isPresent() && outbox.send(envelope, to.get());
        if (!sent) {
            counters.refusedCount.increment();
        }
        return sent;
    }

    private Optional<String> incarnation(String node) {
        return registry.record(node).map(NodeRecord::incarnation).or(() -> Optional.ofNullable(newcomers.get(node)));
    }

    @Override
    public void listen(Consumer<Envelope> newReceiver) {
        if (!receiver.compareAndSet(null, newReceiver)) {
            throw new IllegalStateException("somebody listens already");
        }
    }

    /** For the inbox. */
    void deliver(EnvelopeCodec.Sent sent) {
        String from = sent.envelope().from();
        if (registry.record(from).isEmpty() && newcomers.size() < NEWCOMERS_LIMIT) {
            newcomers.put(from, sent.fromIncarnation());
            heartbeat.wake();
        }
        Consumer<Envelope> current = receiver.get();
        if (current != null && !closed) {
            current.accept(sent.envelope());
        }
    }

    /** For the heartbeat: the registry knows by now who is there. */
    void forgetNewcomers() {
        newcomers.clear();
    }

    /** What has been taken is still sent. */
    @Override
    public void close() {
        closed = true;
        outbox.close();
    }
}
