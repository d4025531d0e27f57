package dev.noir.bus;

import java.util.function.Supplier;

final class LocalNodeRegistryTest extends NodeRegistryContract {
    private final LocalNodeRegistry.Shared shared = new LocalNodeRegistry.Shared();

    @Override
    protected NodeRegistry node(NodeInfo described, Supplier<NodeLoad> load) {
        return new LocalNodeRegistry(described, load, shared);
    }
}
