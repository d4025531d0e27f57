package dev.noir.redis;

import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import java.util.function.Supplier;

/**
 * What this node is in its cluster.
 *
 * @param node what it says about itself; its load is not looked at
 * @param load as of now; must not block
 * @param redisUrl empty: it is alone
 * @param secret that all nodes of the cluster share; empty: messages between them are not signed
 */
public record ClusterOptions(NodeInfo node, Supplier<NodeLoad> load, String redisUrl, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "ClusterOptions[" + node + "]";
    }
}
