package dev.noir.redis;

import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.bus.NodeBus;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The bus over Redis: an outbox that writes into other nodes' streams, an inbox that reads this node's. Thread: any. */
final class RedisNodeBus implements NodeBus {
    // Whoever can write to Redis can make up names.
    private static final int NEWCOMERS_LIMIT = 256;
    // Payload of what a node sends to itself to hear whether it hears.
    private static final String OWN = "own";

    // Given.
    private final RedisNodeRegistry registry;
    private final RedisOutbox outbox;
    private final BusCounters counters;
    private final Heartbeat heartbeat;

    // State. Who has sent us something before we have heard of it in a heartbeat, with its life: it wants an answer
    // now.
    private final ConcurrentMap<String, String> newcomers = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Consumer<Envelope>> receiver = new AtomicReference<>();

    // Volatile: set before it starts.
    private volatile LongConsumer onPing = number -> {};

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

    /** To itself. */
    boolean ping(String incarnation, long number) {
        String self = registry.self().id();
        return outbox.send(new Envelope(self, self, Envelope.Kind.PING, "", "", 0, number, OWN), incarnation);
    }

    /** @param arrived given the number of each {@link #ping} that has arrived */
    void onPing(LongConsumer arrived) {
        onPing = arrived;
    }

    private Optional<String> incarnation(String node) {
        return registry.life(node).or(() -> Optional.ofNullable(newcomers.get(node)));
    }

    @Override
    public void listen(Consumer<Envelope> newReceiver) {
        if (!receiver.compareAndSet(null, newReceiver)) {
            throw new IllegalStateException("somebody listens already");
        }
    }

    private static boolean isEntry(Envelope envelope) {
        return envelope.kind() == Envelope.Kind.JOIN || envelope.kind() == Envelope.Kind.RESUME;
    }

    /** For the inbox. */
    void deliver(EnvelopeCodec.Sent sent) {
        String from = sent.envelope().from();
        if (isOwnPing(sent.envelope())) {
            onPing.accept(sent.envelope().request());
            return;
        }
        if (isEntry(sent.envelope()) && registry.isOver(sent.fromIncarnation())) {
            return; // That life of the node has been dealt with as gone: nobody would take the peer out again.
        }
        if (registry.life(from).isEmpty() && newcomers.size() < NEWCOMERS_LIMIT) {
            newcomers.put(from, sent.fromIncarnation());
            heartbeat.wake();
        }
        Consumer<Envelope> current = receiver.get();
        if (current != null && !closed) {
            current.accept(sent.envelope());
        }
    }

    private static boolean isOwnPing(Envelope envelope) {
        return envelope.kind() == Envelope.Kind.PING
                && envelope.from().equals(envelope.to())
                && envelope.payload().equals(OWN);
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
