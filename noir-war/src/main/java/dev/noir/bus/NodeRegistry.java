package dev.noir.bus;

import java.util.Collection;
import java.util.Optional;

/** Port: which nodes there are. Never blocks, except to close. Thread: any. */
public interface NodeRegistry extends AutoCloseable {
    /** This node, with its load as of now. */
    NodeInfo self();

    /** Every node that is alive, this one included, as of its last heartbeat. While the store is away: as last known. */
    Collection<NodeInfo> live();

    /** A live one. */
    Optional<NodeInfo> find(String id);

    /** Told to the others at once. */
    void setState(NodeState state);

    void addListener(Listener listener);

    /** Whether the shared store can be asked now. Local: always. */
    boolean isConnected();

    /** This node leaves; the others learn it as {@link Listener#nodeGone}. */
    @Override
    void close();

    /** What happens to nodes. Called on a thread of the registry, one at a time; must not block. */
    interface Listener {
        /**
         * A node has died, left, or been started anew under the same id: whatever it hosted or signalled for is gone. Told
         * once per life of a node, and never for this one.
         */
        default void nodeGone(String id) {}

        /** The shared store can't be asked any more. */
        default void connectionLost() {}

        /**
         * It can be asked again; this node's leases have been put in force again, and those that were lost been reported.
         * Envelopes may have been lost meanwhile, in both directions.
         */
        default void connectionBack() {}
    }
}
