package dev.noir.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/** The masters of a Redis Cluster and their slots, as any one server of it tells. Thread: any. */
final class ClusterTopology implements RedisTopology {
    private record Range(int first, int last, HostAndPort server) {}

    // Given.
    private final RedisConnector connector;

    // State. Guarded by this, so that one asks for all.
    private @Nullable List<Range> ranges;
    private Set<HostAndPort> everSeen = Set.of();

    ClusterTopology(RedisConnector connector) {
        this.connector = connector;
    }

    @Override
    public HostAndPort serverOf(int slot) {
        for (Range range : ranges()) {
            if (range.first <= slot && slot <= range.last) {
                return range.server;
            }
        }
        throw new RedisUnavailable("no server of the Redis Cluster has slot " + slot);
    }

    @Override
    public Set<HostAndPort> servers() {
        Set<HostAndPort> servers = new LinkedHashSet<>();
        ranges().forEach(range -> servers.add(range.server));
        return servers;
    }

    @Override
    public synchronized void forget() { // See ranges.
        ranges = null;
    }

    @Override
    public boolean hasSlots() {
        return true;
    }

    private synchronized List<Range> ranges() { // See ranges.
        if (ranges == null) {
            ranges = ask();
        }
        return ranges;
    }

    private List<Range> ask() {
        RedisUnavailable failure = new RedisUnavailable("no server of the Redis Cluster answers");
        // Those of the URL may have been replaced since.
        Set<HostAndPort> asked = new LinkedHashSet<>(connector.url().servers());
        asked.addAll(everSeen);
        for (HostAndPort server : asked) {
            try (Connection connection = connector.connect(server, connector.limit())) {
                connection.sendCommand(Protocol.Command.CLUSTER, "SLOTS");
                List<Range> answer = parse(connection.getObjectMultiBulkReply(), server);
                if (!answer.isEmpty()) {
                    Set<HostAndPort> seen = new LinkedHashSet<>();
                    answer.forEach(range -> seen.add(range.server));
                    everSeen = seen;
                    return answer;
                }
            } catch (JedisException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    /** Of each: first slot, last slot, the master, its replicas; of a server: host, port, more. */
    private static List<Range> parse(List<Object> reply, HostAndPort asked) {
        List<Range> ranges = new ArrayList<>();
        for (Object element : reply) {
            List<?> range = (List<?>) element;
            List<?> master = (List<?>) range.get(2);
            String host = RedisStore.text(master.get(0));
            ranges.add(new Range(
                    ((Long) range.get(0)).intValue(),
                    ((Long) range.get(1)).intValue(),
                    // An empty host stands for the one that was asked.
                    new HostAndPort(host.isEmpty() ? asked.getHost() : host, ((Long) master.get(1)).intValue())));
        }
        return ranges;
    }
}
