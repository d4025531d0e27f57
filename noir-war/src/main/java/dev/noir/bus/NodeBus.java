package dev.noir.bus;

import java.util.function.Consumer;

/**
 * Port: messages between nodes. What one node sends to another arrives in order and at most once, or not at all: whoever
 * asks needs a deadline. Bounded. Thread: any.
 */
public interface NodeBus extends AutoCloseable {
    /**
     * Never blocks. What was taken may still be lost: with the receiving node, or when the shared store is away for long.
     *
     * @param envelope from this node
     * @return false when it was not taken: no such node is live, the outbox is full, or the shared store is unreachable
     */
    boolean send(Envelope envelope);

    /**
     * Once, before anything is sent to this node.
     *
     * @param receiver called for one envelope at a time, in order; must not block
     */
    void listen(Consumer<Envelope> receiver);

    /** Nothing is taken or delivered any more. */
    @Override
    void close();
}
