package dev.noir.redis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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
 * One connection to each server that takes writes, and how to ask over them: scripts by name, redirections, pipelines. Not
 * to be used again after an exception. Thread: one at a time; {@link #abort} any.
 */
final class RedisLane {
    /** A command for keys in one slot. */
    interface Question {
        /** One of its keys. */
        String key();

        CommandArguments command();

        /** What Redis may refuse without being of no use for all else. */
        default boolean mayBeRefused() {
            return false;
        }

        /** Instead of the command, where the script that it names is not known. */
        default CommandArguments whole() {
            return command();
        }
    }

    /** That a node can live without. */
    record Refusable(Question question) implements Question {
        @Override
        public String key() {
            return question.key();
        }

        @Override
        public CommandArguments command() {
            return question.command();
        }

        @Override
        public CommandArguments whole() {
            return question.whole();
        }

        @Override
        public boolean mayBeRefused() {
            return true;
        }
    }

    /** That is no script. */
    record Plain(String key, CommandArguments command) implements Question {}

    // So that neither side waits for the other to read.
    static final int PIPELINE = 128;

    private static final Logger LOG = System.getLogger(RedisLane.class.getName());

    // A slot on its way from one server to another: mostly it is there at once, and always soon.
    private static final int REDIRECTIONS = 50;
    private static final int IMMEDIATE_REDIRECTIONS = 3;
    private static final Duration PAUSE = Duration.ofMillis(20);

    // Given.
    private final RedisConnector connector;
    private final RedisTopology topology;
    private final Duration replyLimit;

    // State. Concurrent for abort's sake alone.
    private final Map<HostAndPort, Connection> connections = new ConcurrentHashMap<>();

    RedisLane(RedisConnector connector, RedisTopology topology, Duration replyLimit) {
        this.connector = connector;
        this.topology = topology;
        this.replyLimit = replyLimit;
    }

    /** To every server. */
    void connect() {
        topology.servers().forEach(this::connection);
    }

    /** The reply, null for Redis's; an error as {@link JedisDataException}. */
    @Nullable
    Object ask(Question question) {
        int slot = JedisClusterCRC16.getSlot(question.key());
        try {
            return redirected(slot, question.command());
        } catch (JedisNoScriptException e) {
            // Its first use on this server; from now on it is known there.
            return redirected(slot, question.whole());
        }
    }

    /** In any order, pipelined; the replies in the order of the questions. An error is a {@link JedisDataException} among them. */
    List<@Nullable Object> askAll(List<? extends Question> questions) {
        List<@Nullable Object> replies = new ArrayList<>(questions.size());
        for (int from = 0; from < questions.size(); from += PIPELINE) {
            replies.addAll(pipeline(questions.subList(from, Math.min(questions.size(), from + PIPELINE))));
        }
        return replies;
    }

    /** The same on every server. */
    <T> List<T> askEverywhere(Function<Connection, T> command) {
        List<T> results = new ArrayList<>();
        topology.servers().forEach(server -> results.add(command.apply(connection(server))));
        return results;
    }

    /** Where it all is may have changed. */
    void close() {
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

    /** Whoever waits for a reply gets an exception. */
    void abort() {
        for (Connection connection : connections.values()) {
            try {
                connection.forceDisconnect();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "A connection to Redis did not close", e);
            }
        }
    }

    private Connection connection(HostAndPort server) {
        return connections.computeIfAbsent(server, address -> connector.connect(address, replyLimit));
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
                requireSlots(e);
                topology.forget();
                asked = null;
            } catch (JedisAskDataException e) {
                requireSlots(e);
                asked = e.getTargetNode();
            } catch (JedisDataException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                // Some of a script's keys have moved, others not yet.
                asked = null;
            }
        }
        throw new RedisUnavailable("a slot of the Redis Cluster is on no server");
    }

    /** A redirection has no sense elsewhere, and would be followed for ever. */
    private void requireSlots(JedisDataException redirection) {
        if (!topology.hasSlots()) {
            throw new RedisUnavailable(
                    redirection.getMessage() + " (it is a Redis Cluster: noir.redis.url must say redis-cluster://)",
                    redirection);
        }
    }

    private static boolean isTransient(JedisDataException e) {
        return String.valueOf(e.getMessage()).startsWith("TRYAGAIN");
    }

    private List<@Nullable Object> pipeline(List<? extends Question> questions) {
        Map<Connection, List<Integer>> perServer = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            int slot = JedisClusterCRC16.getSlot(questions.get(i).key());
            perServer
                    .computeIfAbsent(connection(topology.serverOf(slot)), server -> new ArrayList<>())
                    .add(i);
        }
        @Nullable Object[] replies = new @Nullable Object[questions.size()];
        perServer.forEach((connection, indices) -> {
            indices.forEach(i -> connection.sendCommand(questions.get(i).command()));
            List<Object> received = connection.getMany(indices.size());
            for (int i = 0; i < indices.size(); i++) {
                replies[indices.get(i)] = received.get(i);
            }
        });
        for (int i = 0; i < replies.length; i++) {
            if (replies[i] instanceof JedisDataException failure && wantsTheLongWay(failure)) {
                replies[i] = theLongWay(questions.get(i));
            }
        }
        return Arrays.asList(replies);
    }

    /** The script is not known there yet, or it is another server that has the slot. */
    private static boolean wantsTheLongWay(JedisDataException failure) {
        return failure instanceof JedisNoScriptException
                || failure instanceof JedisMovedDataException
                || failure instanceof JedisAskDataException
                || isTransient(failure);
    }

    private @Nullable Object theLongWay(Question question) {
        try {
            return ask(question);
        } catch (JedisDataException e) {
            return e;
        }
    }
}
