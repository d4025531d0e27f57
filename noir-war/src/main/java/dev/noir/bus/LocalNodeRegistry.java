package dev.noir.bus;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The registry in memory. Registries made of the same {@link Shared} are nodes that see each other; a node alone has its
 * own. A node is gone when it is closed; its listeners are called on the thread that closed it. Thread: any.
 */
public final class LocalNodeRegistry implements NodeRegistry {
    /** What the nodes of one process share. */
    public static final class Shared {
        private final ConcurrentMap<String, LocalNodeRegistry> nodes = new ConcurrentHashMap<>();
    }

    // Given.
    private final NodeInfo described;
    private final Supplier<NodeLoad> load;
    private final Shared shared;

    // Owned.
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    // Volatile: set by whoever drains the node, read by all nodes.
    private volatile NodeState state;

    /**
     * A node that appears to the others at once.
     *
     * @param described its state is where it starts; its load is not looked at
     * @param load as of now
     */
    public LocalNodeRegistry(NodeInfo described, Supplier<NodeLoad> load, Shared shared) {
        this.described = described;
        this.load = load;
        this.shared = shared;
        this.state = described.state();
        LocalNodeRegistry earlier = shared.nodes.put(described.id(), this);
        if (earlier != null) {
            tellGone();
        }
    }

    @Override
    public NodeInfo self() {
        return described.with(state, load.get());
    }

    @Override
    public Collection<NodeInfo> live() {
        return shared.nodes.values().stream().map(LocalNodeRegistry::self).toList();
    }

    @Override
    public Optional<NodeInfo> find(String id) {
        return Optional.ofNullable(shared.nodes.get(id)).map(LocalNodeRegistry::self);
    }

    @Override
    public void setState(NodeState newState) {
        state = newState;
    }

    @Override
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public void close() {
        if (shared.nodes.remove(described.id(), this)) {
            tellGone();
        }
    }

    private void tellGone() {
        for (LocalNodeRegistry node : shared.nodes.values()) {
            if (!node.described.id().equals(described.id())) {
                node.listeners.forEach(listener -> listener.nodeGone(described.id()));
            }
        }
    }
}
