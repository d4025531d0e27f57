package dev.noir.redis;

import dev.noir.room.FollowOnExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Everything asked of Redis but the bus: one connection to each server that takes writes, used by one thread at a time.
 *
 * <p>They are opened together, by the heartbeat alone. When one fails, all are closed, and until the heartbeat has opened
 * them again, and put this node's leases in force again, nobody else can ask: a Redis that has come back empty is never
 * asked who hosts a room before its host has said so. Thread: any.
 */
final class RedisStore implements AutoCloseable {
    /** One script with its keys, all in one slot, and its other arguments. */
    record Call(LuaScript script, List<String> keys, List<String> arguments) {}

    // A slot on its way from one server to another: mostly it is there at once, and always soon.
    private static final int REDIRECTIONS = 50;
    private static final int IMMEDIATE_REDIRECTIONS = 3;
    private static final Duration PAUSE = Duration.ofMillis(20);

    // So that neither side waits for the other to read.
    private static final int PIPELINE = 128;

    // Given.
    private final RedisConnector connector;
    private final RedisTopology topology;
    private final ClusterTimes times;

    // State. The lock is held while a command is under way: one connection has one user.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<HostAndPort, Connection> connections = new HashMap<>();

    // Volatile: lets everybody fail at once, without waiting for the lock, while the heartbeat tries to connect.
    private volatile boolean open;
    private volatile String failure = "";

    RedisStore(RedisConnector connector, RedisTopology topology, ClusterTimes times) {
        this.connector = connector;
        this.topology = topology;
        this.times = times;
    }

    boolean isOpen() {
        return open;
    }

    /** Why it is not open, after it was. */
    Optional<String> failure() {
        return open || failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    /** Connects to every server anew. For the heartbeat. */
    void open() {
        lock.lock();
        try {
            disconnect();
            guarded(() -> {
                topology.servers().forEach(this::connection);
                return true;
            });
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the script; throws {@link RedisUnavailable} when it may not have run. */
    Object eval(Call call) {
        return asking(() -> evalNow(call));
    }

    /** Runs them in any order; the results in the order of the calls. */
    List<Object> evalAll(List<Call> calls) {
        return asking(() -> {
            List<Object> results = new ArrayList<>(calls.size());
            for (int from = 0; from < calls.size(); from += PIPELINE) {
                results.addAll(pipeline(calls.subList(from, Math.min(calls.size(), from + PIPELINE))));
            }
            return results;
        });
    }

    /** Any other command, for the key. Empty for Redis's null. */
    Optional<Object> run(String key, CommandArguments command) {
        return asking(() -> Optional.ofNullable(redirected(JedisClusterCRC16.getSlot(key), command)));
    }

    /** Any other command, on every server. */
    <T> List<T> runEverywhere(Function<Connection, T> command) {
        return asking(() -> {
            List<T> results = new ArrayList<>();
            topology.servers().forEach(server -> results.add(command.apply(connection(server))));
            return results;
        });
    }

    /** Nobody can ask until it is opened again. */
    @Override
    public void close() {
        open = false;
        lock.lock();
        try {
            disconnect();
        } finally {
            lock.unlock();
        }
    }

    /** What Redis calls a bulk string. */
    static String text(@Nullable Object reply) {
        return reply == null ? "" : new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private interface Step<T> {
        T take();
    }

    private <T> T asking(Step<T> step) {
        if (!open) {
            throw new RedisUnavailable("there is no connection to Redis");
        }
        FollowOnExecutor.aboutToWait();
        lock.lock();
        try {
            if (!open) { // It failed for whoever had the lock.
                throw new RedisUnavailable("the connection to Redis has just failed");
            }
            return guarded(step);
        } finally {
            lock.unlock();
        }
    }

    private <T> T guarded(Step<T> step) {
        try {
            return step.take();
        } catch (JedisException e) {
            disconnect();
            failure = reason(e);
            throw new RedisUnavailable(failure, e);
        } catch (RedisUnavailable e) {
            disconnect();
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** What Jedis says and, if it says something else, the system: "No TLS with …" and "No subject alternative names…". */
    private static String reason(Throwable e) {
        String message = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        return cause == null || message.endsWith(String.valueOf(cause.getMessage()))
                ? message
                : message + " (" + cause.getMessage() + ")";
    }

    private void disconnect() {
        open = false;
        for (Connection connection : connections.values()) {
            try {
                connection.close();
            } catch (JedisException e) {
                // It is broken, and gone all the same.
                connection.setBroken();
            }
        }
        connections.clear();
        topology.forget();
    }

    private Connection connection(HostAndPort server) {
        return connections.computeIfAbsent(server, address -> connector.connect(address, times.commandLimit()));
    }

    private Object evalNow(Call call) {
        int slot = JedisClusterCRC16.getSlot(call.keys().get(0));
        try {
            return result(redirected(slot, byName(call)));
        } catch (JedisNoScriptException e) {
            // Its first use on this server; from now on it is known there.
            return result(redirected(slot, byText(call)));
        }
    }

    private static Object result(@Nullable Object reply) {
        if (reply == null) {
            throw new IllegalStateException("a script returned nothing");
        }
        return reply;
    }

    private @Nullable Object redirected(int slot, CommandArguments command) {
        HostAndPort asked = null;
        for (int i = 0; i < REDIRECTIONS; i++) {
            if (i > IMMEDIATE_REDIRECTIONS) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            try {
                if (asked == null) {
                    return connection(topology.serverOf(slot)).executeCommand(command);
                }
                Connection connection = connection(asked);
                connection.executeCommand(Protocol.Command.ASKING);
                return connection.executeCommand(command);
            } catch (JedisMovedDataException e) {
                topology.forget();
                asked = null;
            } catch (JedisAskDataException e) {
                asked = e.getTargetNode();
            } catch (JedisDataException e) {
                if (!String.valueOf(e.getMessage()).startsWith("TRYAGAIN")) {
                    throw e;
                }
                // Some of a script's keys have moved, others not yet.
                asked = null;
            }
        }
        throw new RedisUnavailable("a slot of the Redis Cluster is on no server");
    }

    private List<Object> pipeline(List<Call> calls) {
        Map<Connection, List<Integer>> perServer = new LinkedHashMap<>();
        for (int i = 0; i < calls.size(); i++) {
            int slot = JedisClusterCRC16.getSlot(calls.get(i).keys().get(0));
            perServer
                    .computeIfAbsent(connection(topology.serverOf(slot)), server -> new ArrayList<>())
                    .add(i);
        }
        Object[] results = new Object[calls.size()];
        perServer.forEach((connection, indices) -> {
            indices.forEach(i -> connection.sendCommand(byName(calls.get(i))));
            List<Object> replies = connection.getMany(indices.size());
            for (int i = 0; i < indices.size(); i++) {
                results[indices.get(i)] = replies.get(i);
            }
        });
        for (int i = 0; i < results.length; i++) {
            if (results[i] instanceof JedisDataException) { // Not known there yet, or redirected: the long way.
                results[i] = evalNow(calls.get(i));
            }
        }
        return List.of(results);
    }

    private static CommandArguments byName(Call call) {
        return arguments(Protocol.Command.EVALSHA, call.script().sha(), call);
    }

    private static CommandArguments byText(Call call) {
        return arguments(Protocol.Command.EVAL, call.script().text(), call);
    }

    private static CommandArguments arguments(Protocol.Command command, String script, Call call) {
        CommandArguments arguments =
                new CommandArguments(command).add(script).add(call.keys().size());
        call.keys().forEach(arguments::add);
        call.arguments().forEach(arguments::add);
        return arguments;
    }
}
