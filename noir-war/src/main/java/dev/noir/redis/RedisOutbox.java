package dev.noir.redis;

import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Writes envelopes into other nodes' streams: batches, pipelined, with one connection to each Redis server that it needs.
 * What Redis has not confirmed is sent again, in order; the receiver knows the number of what it has had. Thread: its own;
 * {@link #send} and {@link #close}: any.
 */
final class RedisOutbox implements Runnable {
    private static final Logger LOG = System.getLogger(RedisOutbox.class.getName());

    /** Envelopes taken and not yet confirmed. */
    static final int LIMIT = 8192;
    /** Characters in all of them: descriptions have some thousand each. */
    static final int LIMIT_CHARS = 16 << 20;
    /** Characters of one: far above what a client may send in a message. */
    static final int LIMIT_CHARS_EACH = 1 << 20;

    // An inbox that nobody empties; its reader takes thousands a second and empties it with every heartbeat.
    private static final String INBOX_LENGTH = "10000";
    // So that neither side waits for the other to read.
    private static final int PIPELINE = 128;
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /** What stands in a stream, as arguments of send.lua. */
    private static final class Entry {
        private final String key;
        private final List<String> fields;
        private final int chars;
        private final long takenNanos;

        /** Confirmed, or given up. Of the writer's thread. */
        private boolean done;

        Entry(String key, List<String> fields, int chars, long takenNanos) {
            this.key = key;
            this.fields = fields;
            this.chars = chars;
            this.takenNanos = takenNanos;
        }
    }

    // Given.
    private final RedisConnector connector;
    private final RedisTopology topology;
    private final EnvelopeCodec codec;
    private final Scheduler time;
    private final ClusterTimes times;
    private final BusCounters counters;
    private final String incarnation;

    // State. Guarded by the lock, which is not held during a round trip.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Entry> taken = new ArrayDeque<>();
    private int heldEntries;
    private int heldChars;
    private long lastNumber;
    private boolean closing;

    // State of the writer's thread.
    private final List<Entry> pending = new ArrayList<>();
    private final Map<HostAndPort, Connection> connections = new HashMap<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    RedisOutbox(
            String incarnation,
            RedisConnector connector,
            RedisTopology topology,
            EnvelopeCodec codec,
            Scheduler time,
            ClusterTimes times,
            BusCounters counters) {
        this.incarnation = incarnation;
        this.connector = connector;
        this.topology = topology;
        this.codec = codec;
        this.time = time;
        this.times = times;
        this.counters = counters;
    }

    /**
     * Never blocks.
     *
     * @param toIncarnation the receiver's life
     * @return false: not taken
     */
    boolean send(Envelope envelope, String toIncarnation) {
        int chars = envelope.payload().length()
                + envelope.room().length()
                + envelope.peer().length();
        lock.lock();
        try {
            if (closing || chars > LIMIT_CHARS_EACH || heldEntries >= LIMIT || heldChars + chars > LIMIT_CHARS) {
                return false;
            }
            lastNumber++;
            List<String> fields =
                    codec.encode(new EnvelopeCodec.Sent(envelope, incarnation, toIncarnation, lastNumber));
            String key = RedisKeys.inbox(envelope.to(), toIncarnation);
            taken.add(new Entry(key, fields, chars, time.nanoTime()));
            heldEntries++;
            heldChars += chars;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (take()) {
                try {
                    flush();
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "Envelopes are lost: " + pending.size(), e);
                    done(List.copyOf(pending));
                }
            }
        } finally {
            connections.values().forEach(RedisOutbox::disconnect);
            ended.countDown();
        }
    }

    /** Waits for envelopes; with some that could not be written, for a moment. False: it is time to end. */
    private boolean take() {
        lock.lock();
        try {
            long leftNanos = RETRY.toNanos();
            while (taken.isEmpty() && !closing && (pending.isEmpty() || leftNanos > 0)) {
                if (pending.isEmpty()) {
                    changed.await();
                } else {
                    leftNanos = changed.awaitNanos(leftNanos);
                }
            }
            boolean last = closing && taken.isEmpty();
            pending.addAll(taken);
            taken.clear();
            return !last;
        } catch (InterruptedException e) {
            return false; // The server ends its threads.
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        long oldest = time.nanoTime() - times.envelopeLimit().toNanos();
        List<Entry> expired =
                pending.stream().filter(entry -> entry.takenNanos - oldest < 0).toList();
        counters.expiredCount.add(expired.size());
        done(expired);
        try {
            // A server that fails does not hold up the others, and is not asked again in this round.
            Set<HostAndPort> failed = new HashSet<>();
            perServer().forEach((server, entries) -> {
                for (int from = 0; from < entries.size() && !failed.contains(server); from += PIPELINE) {
                    if (!write(server, entries.subList(from, Math.min(entries.size(), from + PIPELINE)))) {
                        failed.add(server);
                    }
                }
            });
        } catch (RedisUnavailable e) {
            LOG.log(Level.DEBUG, "Envelopes can't be written", e);
            topology.forget();
        }
    }

    private Map<HostAndPort, List<Entry>> perServer() {
        Map<HostAndPort, List<Entry>> perServer = new LinkedHashMap<>();
        for (Entry entry : pending) {
            HostAndPort server = topology.serverOf(JedisClusterCRC16.getSlot(entry.key));
            perServer.computeIfAbsent(server, key -> new ArrayList<>()).add(entry);
        }
        return perServer;
    }

    /** False: the server has not taken all of them. */
    private boolean write(HostAndPort server, List<Entry> entries) {
        try {
            Connection connection = connections.computeIfAbsent(server, this::connect);
            entries.forEach(entry -> connection.sendCommand(command(entry)));
            List<Object> replies = connection.getMany(entries.size());
            List<Entry> written = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                if (!(replies.get(i) instanceof JedisDataException)) {
                    written.add(entries.get(i));
                }
            }
            counters.sentCount.add(written.size());
            done(written);
            replies.stream()
                    .filter(JedisDataException.class::isInstance)
                    .findFirst()
                    .ifPresent(failure -> refused(server, (JedisDataException) failure));
            return written.size() == entries.size();
        } catch (JedisException e) {
            LOG.log(Level.DEBUG, "Envelopes can't be written", e);
            drop(server);
            return false;
        }
    }

    private void refused(HostAndPort server, JedisDataException failure) {
        LOG.log(Level.DEBUG, "Redis does not take envelopes: {0}", failure.getMessage());
        if (failure instanceof JedisMovedDataException) {
            topology.forget();
        } else if (failure instanceof JedisNoScriptException) {
            drop(server); // Somebody emptied its scripts; a new connection brings ours.
        } else if (String.valueOf(failure.getMessage()).startsWith("READONLY")) {
            drop(server); // It is a replica by now.
        }
    }

    private Connection connect(HostAndPort server) {
        Connection connection = connector.connect(server, times.commandLimit());
        connection.sendCommand(Protocol.Command.SCRIPT, "LOAD", LuaScript.SEND.text());
        connection.getOne();
        return connection;
    }

    private void drop(HostAndPort server) {
        Connection connection = connections.remove(server);
        if (connection != null) {
            disconnect(connection);
        }
        topology.forget();
    }

    private static void disconnect(Connection connection) {
        try {
            connection.close();
        } catch (JedisException e) {
            LOG.log(Level.DEBUG, "A connection to Redis did not close", e);
        }
    }

    private CommandArguments command(Entry entry) {
        CommandArguments arguments = new CommandArguments(Protocol.Command.EVALSHA)
                .add(LuaScript.SEND.sha())
                .add(1)
                .add(entry.key)
                .add(INBOX_LENGTH)
                .add(times.inboxTtl().toMillis());
        entry.fields.forEach(arguments::add);
        return arguments;
    }

    private void done(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        int chars = 0;
        for (Entry entry : entries) {
            entry.done = true;
            chars += entry.chars;
        }
        lock.lock();
        try {
            heldEntries -= entries.size();
            heldChars -= chars;
        } finally {
            lock.unlock();
        }
        pending.removeIf(entry -> entry.done);
    }

    /** What has been taken is still written, if that works at once. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            ended.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
