package dev.noir.redis;

import dev.noir.room.FollowOnExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What keeps this node and its leases alive, over connections that are used for nothing else: those of the heartbeat, and of
 * who gives a room up. What everybody asks goes another way, {@link RedisLookups}.
 *
 * <p>The heartbeat opens them. When one fails, all are closed until it has opened them again. Thread: any, one at a time; they
 * take turns in order.
 */
final class RedisStore implements RedisCommands, AutoCloseable {
    /** One script with its keys, all in one slot, and its other arguments. */
    record Call(LuaScript script, List<String> keys, List<String> arguments) implements RedisLane.Question {
        @Override
        public String key() {
            return keys.get(0);
        }

        @Override
        public CommandArguments command() {
            return arguments(Protocol.Command.EVALSHA, script.sha());
        }

        @Override
        public CommandArguments whole() {
            return arguments(Protocol.Command.EVAL, script.text());
        }

        private CommandArguments arguments(Protocol.Command command, String named) {
            CommandArguments all = new CommandArguments(command).add(named).add(keys.size());
            keys.forEach(all::add);
            arguments.forEach(all::add);
            return all;
        }
    }

    private static final Logger LOG = System.getLogger(RedisStore.class.getName());

    // Owned. The lock is held while a command is under way; fair, so that nobody who gives rooms up keeps the heartbeat
    // from it.
    private final ReentrantLock lock = new ReentrantLock(true);
    private final RedisLane lane;

    // Volatile: lets everybody fail at once, without waiting for the lock, while the heartbeat tries to connect.
    private volatile boolean open;
    private volatile String failure = "";

    RedisStore(RedisConnector connector, RedisTopology topology, ClusterTimes times) {
        this.lane = new RedisLane(connector, topology, times.commandLimit());
    }

    @Override
    public boolean isOpen() {
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
                lane.connect();
                return true;
            });
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the script; throws {@link RedisUnavailable} when it may not have run. */
    @Override
    public Object eval(Call call) {
        return asking(() -> result(lane.ask(call)));
    }

    /** Runs them in any order; the results in the order of the calls. */
    @Override
    public List<Object> evalAll(List<Call> calls) {
        return asking(() -> {
            List<Object> results = new ArrayList<>(calls.size());
            lane.askAll(calls).forEach(reply -> results.add(result(reply)));
            return results;
        });
    }

    /** Any other command, for the key. Empty for Redis's null. */
    @Override
    public Optional<Object> run(String key, CommandArguments command) {
        return asking(() -> Optional.ofNullable(lane.ask(new RedisLane.Plain(key, command))));
    }

    /** As above, what a node can live without: Redis may refuse it. */
    void tryToRun(String key, CommandArguments command) {
        unlessRefused(() -> lane.ask(new RedisLane.Plain(key, command)));
    }

    /** As above, on every server. Empty: refused. */
    <T> Optional<List<T>> tryEverywhere(Function<Connection, T> command) {
        return unlessRefused(() -> lane.askEverywhere(command));
    }

    private <T> Optional<T> unlessRefused(Supplier<@Nullable T> step) {
        return asking(() -> {
            try {
                return Optional.ofNullable(step.get());
            } catch (JedisDataException e) { // An answer: the connection is as good as before.
                LOG.log(Level.DEBUG, "Redis refuses: {0}", e.getMessage());
                return Optional.empty();
            }
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

    /** What a script has returned. An error that came instead is thrown. */
    static Object result(@Nullable Object reply) {
        if (reply instanceof JedisDataException error) {
            throw error;
        }
        if (reply == null) {
            throw new IllegalStateException("a script returned nothing");
        }
        return reply;
    }

    /** What Jedis says and, if it says something else, the system: "No TLS with …" and "No subject alternative names…". */
    static String reason(Throwable e) {
        String message = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        return cause == null || message.endsWith(String.valueOf(cause.getMessage()))
                ? message
                : message + " (" + cause.getMessage() + ")";
    }

    private <T> T asking(Supplier<T> step) {
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

    private <T> T guarded(Supplier<T> step) {
        try {
            return step.get();
        } catch (JedisException e) {
            disconnect();
            failure = reason(e);
            throw new RedisUnavailable(failure, e);
        } catch (RuntimeException
                | Error e) { // Also a reply that is none to what was asked: the next would be none either.
            disconnect();
            failure = e instanceof RedisUnavailable ? String.valueOf(e.getMessage()) : e.toString();
            throw e;
        }
    }

    private void disconnect() {
        open = false;
        lane.close();
    }
}
