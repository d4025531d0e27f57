package dev.noir.redis;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One master at a time, whom sentinels know. They are asked when a connection has broken; that the answer is still right is
 * shown by the first write, which a server that is not the master refuses. Thread: any.
 */
final class SentinelTopology implements RedisTopology {
    // Given.
    private final RedisConnector connector;

    // State. Guarded by this, so that one asks for all.
    private @Nullable HostAndPort master;

    SentinelTopology(RedisConnector connector) {
        this.connector = connector;
    }

    @Override
    public HostAndPort serverOf(int slot) {
        return master();
    }

    @Override
    public Set<HostAndPort> servers() {
        return Set.of(master());
    }

    @Override
    public synchronized void forget() { // See master.
        master = null;
    }

    private synchronized HostAndPort master() { // See master.
        if (master == null) {
            master = ask();
        }
        return master;
    }

    private HostAndPort ask() {
        RedisUnavailable failure = new RedisUnavailable(
                "no sentinel knows the master " + connector.url().master());
        for (HostAndPort sentinel : connector.url().servers()) {
            try (Connection connection = connector.connectToSentinel(sentinel)) {
                connection.sendCommand(
                        Protocol.Command.SENTINEL,
                        "GET-MASTER-ADDR-BY-NAME",
                        connector.url().master());
                List<String> answer = connection.getMultiBulkReply();
                if (answer != null && answer.size() == 2) {
                    return new HostAndPort(answer.get(0), Integer.parseInt(answer.get(1)));
                }
            } catch (JedisException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }
}
