package dev.noir.redis;

import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
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
 * Writes envelopes into other nodes' streams: for each stream a batch at a time, which Redis takes whole or not at all, and
 * the next only when it is confirmed; with one connection to each Redis server that it needs. What Redis has not confirmed is
 * sent again, in order; the receiver knows the number of what it has had. Thread: its own; {@link #send}, {@link #hurry},
 * {@link #trouble} and {@link #close}: any.
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
    // Of one batch: Redis does nothing else meanwhile.
    private static final int BATCH = 128;
    private static final int BATCH_CHARS = 1 << 20;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /** What stands in a stream, as arguments of send.lua. */
    private static final class Entry {
        private final String key;
        private final boolean counted;
        private final List<String> fields;
        private final int chars;
        private final long takenNanos;

        Entry(String key, boolean counted, List<String> fields, int chars, long takenNanos) {
            this.key = key;
            this.counted = counted;
            this.fields = fields;
            this.chars = chars;
            this.takenNanos = takenNanos;
        }
    }

    /**
     * What is left alone for a while, having failed.
     *
     * @param why it is trouble for all if it goes on; empty: it is not
     */
    private record Pause(Retry retry, long untilNanos, String why) {}

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
    private boolean hurried;
    private boolean closing;

    // State of the writer's thread.
    private final Map<String, Deque<Entry>> pending = new LinkedHashMap<>(); // By stream.
    private final Map<HostAndPort, Connection> connections = new HashMap<>();
    private final Map<Object, Pause> pauses = new HashMap<>(); // Of servers and streams.

    // Volatile: written by the writer's thread; empty: none.
    private volatile String trouble = "";

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
            // A ping is for this node's own ears.
            taken.add(new Entry(key, envelope.kind() != Envelope.Kind.PING, fields, chars, time.nanoTime()));
            heldEntries++;
            heldChars += chars;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Why envelopes have not been written for a while. */
    Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /** Redis is there again: what has failed is tried now. */
    void hurry() {
        lock.lock();
        try {
            hurried = true;
            changed.signalAll();
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
                } catch (RuntimeException | Error e) { // A bug; what it was about expires.
                    if (trouble.isEmpty()) {
                        LOG.log(Level.ERROR, "Envelopes were not written", e);
                    }
                    List.copyOf(connections.keySet()).forEach(this::drop);
                    pending.keySet().forEach(key -> pause(key, e.toString()));
                }
                tell();
            }
        } finally {
            connections.values().forEach(RedisOutbox::disconnect);
            ended.countDown();
        }
    }

    /** Waits for envelopes, or until what has failed may be tried again. False: it is time to end. */
    private boolean take() {
        lock.lock();
        try {
            long leftNanos = nextNanos();
            while (taken.isEmpty() && !closing && !hurried && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            if (hurried) {
                pauses.clear();
                hurried = false;
            }
            boolean last = closing && taken.isEmpty();
            for (Entry entry : taken) {
                pending.computeIfAbsent(entry.key, key -> new ArrayDeque<>()).add(entry);
            }
            taken.clear();
            return !last;
        } catch (InterruptedException e) {
            return false; // The server ends its threads.
        } finally {
            lock.unlock();
        }
    }

    /** Until the first pause is over. */
    private long nextNanos() {
        long now = time.nanoTime();
        return pauses.values().stream()
                .mapToLong(pause -> pause.untilNanos - now)
                .filter(left -> left > 0)
                .min()
                .orElse(pending.isEmpty() ? Long.MAX_VALUE : 0);
    }

    private void flush() {
        expire();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Map.Entry<HostAndPort, List<List<Entry>>> server : batches().entrySet()) {
                progress |= write(server.getKey(), server.getValue());
            }
        }
    }

    private void tell() {
        pauses.keySet().removeIf(of -> pending.isEmpty() || (of instanceof String key && !pending.containsKey(key)));
        trouble = pauses.values().stream()
                .filter(pause -> pause.retry.isTrouble() && !pause.why.isEmpty())
                .map(Pause::why)
                .findFirst()
                .orElse("");
    }

    private void expire() {
        long oldest = time.nanoTime() - times.envelopeLimit().toNanos();
        List<Entry> expired = new ArrayList<>();
        pending.values().forEach(waiting -> {
            while (!waiting.isEmpty() && waiting.element().takenNanos - oldest < 0) {
                expired.add(waiting.remove());
            }
        });
        counters.expiredCount.add(
                expired.stream().filter(entry -> entry.counted).count());
        done(expired);
    }

    /** The first of each stream that may be tried now. */
    private Map<HostAndPort, List<List<Entry>>> batches() {
        Map<HostAndPort, List<List<Entry>>> perServer = new LinkedHashMap<>();
        for (Map.Entry<String, Deque<Entry>> stream : pending.entrySet()) {
            if (isPaused(stream.getKey())) {
                continue;
            }
            try {
                HostAndPort server = topology.serverOf(JedisClusterCRC16.getSlot(stream.getKey()));
                if (!isPaused(server)) {
                    perServer.computeIfAbsent(server, key -> new ArrayList<>()).add(batch(stream.getValue()));
                }
            } catch (RedisUnavailable e) {
                topology.forget();
                pause(stream.getKey(), String.valueOf(e.getMessage()));
                break; // Asking takes its time, and those that are known go first.
            }
        }
        return perServer;
    }

    private static List<Entry> batch(Deque<Entry> waiting) {
        List<Entry> batch = new ArrayList<>();
        int chars = 0;
        for (Entry entry : waiting) {
            chars += entry.chars;
            if (!batch.isEmpty() && (batch.size() == BATCH || chars > BATCH_CHARS)) {
                break;
            }
            batch.add(entry);
        }
        return batch;
    }

    private boolean isPaused(Object serverOrStream) {
        Pause pause = pauses.get(serverOrStream);
        return pause != null && pause.untilNanos - time.nanoTime() > 0;
    }

    private void pause(Object serverOrStream, String why) {
        Pause before = pauses.get(serverOrStream);
        Retry retry = before == null ? new Retry() : before.retry.next();
        pauses.put(
                serverOrStream, new Pause(retry, time.nanoTime() + retry.pause().toNanos(), why));
    }

    /** One batch of each stream. True: the server has taken some of them, and may be asked to take more. */
    private boolean write(HostAndPort server, List<List<Entry>> batches) {
        try {
            Connection connection = connections.computeIfAbsent(server, this::connect);
            batches.forEach(batch -> connection.sendCommand(command(batch)));
            List<Object> replies = connection.getMany(batches.size());
            boolean some = false;
            for (int i = 0; i < replies.size(); i++) {
                if (replies.get(i) instanceof JedisDataException failure) {
                    refused(server, batches.get(i), failure);
                } else {
                    written(batches.get(i));
                    some = true;
                }
            }
            if (some) {
                pauses.remove(server);
            }
            return some;
        } catch (JedisException e) {
            LOG.log(Level.DEBUG, "Envelopes can't be written", e);
            drop(server);
            pause(server, RedisStore.reason(e));
            return false;
        }
    }

    private void written(List<Entry> batch) {
        String key = batch.get(0).key;
        Deque<Entry> waiting = pending.get(key);
        if (waiting != null) {
            batch.forEach(entry -> waiting.remove());
        }
        pauses.remove(key);
        counters.sentCount.add(batch.stream().filter(entry -> entry.counted).count());
        done(batch);
    }

    private void refused(HostAndPort server, List<Entry> batch, JedisDataException failure) {
        String words = String.valueOf(failure.getMessage());
        LOG.log(Level.DEBUG, "Redis does not take envelopes: {0}", words);
        String key = batch.get(0).key;
        if (failure instanceof JedisMovedDataException && topology.hasSlots()) {
            topology.forget();
            pause(key, words);
        } else if (failure instanceof JedisNoScriptException) {
            drop(server); // Somebody emptied its scripts; a new connection brings ours.
            pause(key, words);
        } else if (RedisWords.isAboutTheServer(failure)) {
            drop(server); // It may be another one's task by now.
            pause(server, words);
        } else {
            pause(key, ""); // The trouble of whoever's inbox it is, and he knows.
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

    private CommandArguments command(List<Entry> batch) {
        CommandArguments arguments = new CommandArguments(Protocol.Command.EVALSHA)
                .add(LuaScript.SEND.sha())
                .add(1)
                .add(batch.get(0).key)
                .add(INBOX_LENGTH)
                .add(times.inboxTtl().toMillis());
        for (Entry entry : batch) {
            arguments.add(entry.fields.size());
            entry.fields.forEach(arguments::add);
        }
        return arguments;
    }

    /** Written, or given up. */
    private void done(List<Entry> entries) {
        pending.values().removeIf(Deque::isEmpty);
        int chars = entries.stream().mapToInt(entry -> entry.chars).sum();
        lock.lock();
        try {
            heldEntries -= entries.size();
            heldChars -= chars;
        } finally {
            lock.unlock();
        }
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
