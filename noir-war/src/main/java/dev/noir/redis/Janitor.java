package dev.noir.redis;

import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;

/**
 * Sees to it that nothing a crash left behind stays in Redis. Everything that nodes write has a TTL, which whoever uses it puts
 * forward; so the only thing that could stay is what has lost its TTL (an administrator's PERSIST, a restored backup, another
 * version's bug). It gets one, and then either its owner renews it or it goes: nothing in use is ever deleted. One step of a
 * SCAN with each heartbeat, on the node whose id is the first. Thread: the heartbeat's.
 */
final class Janitor {
    private static final Logger LOG = System.getLogger(Janitor.class.getName());
    private static final String START = "0";
    private static final int KEYS_AT_ONCE = 200;
    private static final Long NO_TTL = -1L;

    // Given.
    private final RedisStore store;
    private final Scheduler time;
    private final ClusterTimes times;

    // State.
    private final Map<HostAndPort, String> cursors = new HashMap<>();
    private long nextSweepNanos;

    Janitor(RedisStore store, Scheduler time, ClusterTimes times) {
        this.store = store;
        this.time = time;
        this.times = times;
        this.nextSweepNanos = time.nanoTime();
    }

    /** A little of it, when it is time. */
    void work() {
        if (time.nanoTime() - nextSweepNanos < 0) {
            return;
        }
        Optional<List<Boolean>> ended = store.tryEverywhere(this::step);
        if (ended.isEmpty()) {
            LOG.log(Level.WARNING, "Redis does not let this node see to what has lost its TTL");
        }
        if (ended.isEmpty() || !ended.get().contains(false)) {
            cursors.clear();
            nextSweepNanos = time.nanoTime() + times.sweep().toNanos();
        }
    }

    /** True: this server is through. */
    private boolean step(Connection connection) {
        HostAndPort server = connection.getHostAndPort();
        String cursor = cursors.getOrDefault(server, START);
        if (cursor.equals(START) && cursors.containsKey(server)) {
            return true;
        }
        List<?> reply = (List<?>) connection.executeCommand(new CommandArguments(Protocol.Command.SCAN)
                .add(cursor)
                .add("MATCH")
                .add(RedisKeys.PREFIX + "*")
                .add("COUNT")
                .add(KEYS_AT_ONCE));
        List<String> keys = new ArrayList<>();
        for (Object raw : (List<?>) reply.get(1)) {
            String key = RedisStore.text(raw);
            if (RedisKeys.isAlwaysMortal(key)) {
                keys.add(key);
            }
        }
        mortalise(connection, keys);
        String next = RedisStore.text(reply.get(0));
        cursors.put(server, next);
        return next.equals(START);
    }

    private void mortalise(Connection connection, List<String> keys) {
        keys.forEach(key -> connection.sendCommand(Protocol.Command.PTTL, key));
        List<Object> ttls = connection.getMany(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            if (NO_TTL.equals(ttls.get(i))) {
                LOG.log(Level.WARNING, "{0} was left in Redis without a TTL; it has one now", keys.get(i));
                connection.executeCommand(new CommandArguments(Protocol.Command.PEXPIRE)
                        .add(keys.get(i))
                        .add(times.leaseTtl().toMillis()));
            }
        }
    }
}
