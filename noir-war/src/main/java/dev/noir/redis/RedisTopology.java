package dev.noir.redis;

import java.util.Set;
import redis.clients.jedis.HostAndPort;

/** Which server takes writes for which key. Asks, and so may block, when it does not know. Thread: any. */
interface RedisTopology {
    /** Throws {@link RedisUnavailable} when there is none, or nobody knows. */
    HostAndPort serverOf(int slot);

    /** All that take writes. Throws {@link RedisUnavailable} when nobody knows. */
    Set<HostAndPort> servers();

    /** What was known has proved wrong. */
    void forget();

    /** Whether keys are spread over servers by their slots, and a server may name another one. */
    default boolean hasSlots() {
        return false;
    }

    static RedisTopology of(RedisConnector connector) {
        return switch (connector.url().mode()) {
            case SINGLE -> new OneServer(connector.url().servers().get(0));
            case SENTINEL -> new SentinelTopology(connector);
            case CLUSTER -> new ClusterTopology(connector);
        };
    }

    /** A Redis alone: it is where the URL says. */
    record OneServer(HostAndPort server) implements RedisTopology {
        @Override
        public HostAndPort serverOf(int slot) {
            return server;
        }

        @Override
        public Set<HostAndPort> servers() {
            return Set.of(server);
        }

        @Override
        public void forget() {}
    }
}
