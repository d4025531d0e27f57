package dev.noir.redis;

import dev.noir.bus.EnvelopeCodec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Reads this node's stream, with one connection that mostly waits. It remembers the last entry it has read, and the last
 * number of each sender, so nothing is delivered twice however often either side reconnects. Thread: its own; {@link
 * #upkeep} and {@link #close}: any.
 */
final class RedisInbox implements Runnable {
    private static final Logger LOG = System.getLogger(RedisInbox.class.getName());
    private static final int ENTRIES_AT_ONCE = 128;
    // So that a connection that has silently died is noticed. A wait costs Redis one command.
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(100);
    // Lives of other nodes; a cluster restarts them rarely.
    private static final int SENDERS_REMEMBERED = 1024;

    /** Of an entry: milliseconds and sequence. */
    private record EntryId(String millis, String sequence) {
        static EntryId parse(String text) {
            int dash = text.indexOf('-');
            return new EntryId(text.substring(0, dash), text.substring(dash + 1));
        }

        @Override
        public String toString() {
            return millis + "-" + sequence;
        }
    }

    // Given.
    private final String node;
    private final String incarnation;
    private final RedisConnector connector;
    private final RedisTopology topology;
    private final EnvelopeCodec codec;
    private final ClusterTimes times;
    private final BusCounters counters;
    private final Consumer<EnvelopeCodec.Sent> receiver;

    // Owned.
    private final String key;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Long> lastNumbers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > SENDERS_REMEMBERED;
        }
    };

    // State. Volatile: written by the reader, read by upkeep and close.
    private volatile EntryId lastRead = new EntryId("0", "0");
    private volatile @Nullable Connection connection;

    /** @param receiver called for one envelope at a time; must not block */
    RedisInbox(
            String node,
            String incarnation,
            RedisConnector connector,
            RedisTopology topology,
            EnvelopeCodec codec,
            ClusterTimes times,
            BusCounters counters,
            Consumer<EnvelopeCodec.Sent> receiver) {
        this.node = node;
        this.incarnation = incarnation;
        this.connector = connector;
        this.topology = topology;
        this.codec = codec;
        this.times = times;
        this.counters = counters;
        this.receiver = receiver;
        this.key = RedisKeys.inbox(node, incarnation);
    }

    @Override
    public void run() {
        boolean running = true;
        while (running) {
            try {
                read();
            } catch (JedisException | RedisUnavailable e) {
                // The heartbeat says so aloud.
                LOG.log(Level.DEBUG, "The inbox can't be read", e);
                topology.forget();
            }
            try {
                running = !closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                running = false; // The server ends its threads.
            }
        }
    }

    private void read() {
        Duration replyLimit = WAIT.plus(times.commandLimit());
        try (Connection opened = connector.connect(topology.serverOf(JedisClusterCRC16.getSlot(key)), replyLimit)) {
            connection = opened;
            opened.executeCommand(mend(Protocol.Command.EVAL, LuaScript.INBOX.text()));
            while (closed.getCount() > 0) {
                readOnce(opened);
            }
        } finally {
            connection = null;
        }
    }

    private void readOnce(Connection from) {
        Object reply = from.executeCommand(new CommandArguments(Protocol.Command.XREAD)
                .add("COUNT")
                .add(ENTRIES_AT_ONCE)
                .add("BLOCK")
                .add(WAIT.toMillis())
                .add("STREAMS")
                .add(key)
                .add(lastRead.toString()));
        if (reply == null) {
            return;
        }
        // [[stream, [[id, [name, value…]]…]]]
        List<?> stream = (List<?>) ((List<?>) reply).get(0);
        for (Object element : (List<?>) stream.get(1)) {
            List<?> entry = (List<?>) element;
            lastRead = EntryId.parse(RedisStore.text(entry.get(0)));
            accept((List<?>) entry.get(1));
        }
    }

    private void accept(List<?> rawFields) {
        List<String> fields = new ArrayList<>(rawFields.size());
        rawFields.forEach(field -> fields.add(RedisStore.text(field)));
        if (fields.size() <= 2) {
            return; // Made by inbox.lua.
        }
        try {
            EnvelopeCodec.Sent sent = codec.decode(fields, node, incarnation);
            Long last = lastNumbers.get(sent.fromIncarnation());
            if (last != null && last >= sent.number()) {
                counters.repeatedCount.increment();
                return;
            }
            lastNumbers.put(sent.fromIncarnation(), sent.number());
            counters.receivedCount.increment();
            receiver.accept(sent);
        } catch (EnvelopeCodec.Refused e) {
            LOG.log(Level.DEBUG, "An envelope was dropped: {0}", e.getMessage());
            (e.forged() ? counters.forgedCount : counters.malformedCount).increment();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "An envelope was not dealt with", e);
        }
    }

    /** With every heartbeat: the stream stays, and forgets what has been read. */
    RedisStore.Call upkeep() {
        EntryId last = lastRead;
        return new RedisStore.Call(
                LuaScript.INBOX,
                List.of(key),
                List.of(
                        last.millis,
                        last.sequence,
                        Long.toString(times.inboxTtl().toMillis())));
    }

    private CommandArguments mend(Protocol.Command command, String script) {
        CommandArguments arguments =
                new CommandArguments(command).add(script).add(1).add(key);
        upkeep().arguments().forEach(arguments::add);
        return arguments;
    }

    /** The thread ends soon. */
    void close() {
        closed.countDown();
        Connection open = connection;
        if (open != null) {
            try {
                open.forceDisconnect();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "A connection to Redis did not close", e);
            }
        }
    }
}
