package dev.noir.redis;

import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
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
 * number of each sender, so nothing is delivered twice however often either side reconnects. Thread: of a {@link Reader} its
 * own; the rest any.
 */
final class RedisInbox {
    private static final Logger LOG = System.getLogger(RedisInbox.class.getName());
    private static final int ENTRIES_AT_ONCE = 128;
    // So that a connection that has silently died is noticed. A wait costs Redis one command.
    private static final Duration WAIT = Duration.ofSeconds(1);
    // Lives of other nodes; a cluster restarts them rarely.
    private static final int SENDERS_REMEMBERED = 1024;
    // Of readers that are stuck, each with a thread of the server's.
    private static final int MOST_STUCK = 3;

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
    private final Map<String, Long> lastNumbers = // Guarded by itself, for a reader that takes over.
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > SENDERS_REMEMBERED;
                }
            };

    // State. Guarded by the list.
    private final List<Reader> replaced = new ArrayList<>();
    private boolean closed;

    // State. Volatile: written by the reader, read by upkeep and health.
    private volatile EntryId lastRead = new EntryId("0", "0");
    private volatile String trouble = "";

    // Volatile: whoever is not it any more ends.
    private volatile @Nullable Reader current;

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

    /** Why it has not been read for a while. */
    Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /**
     * Reads on after the last entry, in the place of the reader there is, which ends if it can. Not when too many could not.
     *
     * @param threads starts a thread
     */
    void listen(Consumer<Runnable> threads) {
        synchronized (replaced) { // For moments, and rarely.
            Reader before = current;
            replaced.removeIf(Reader::hasEnded);
            if (closed || replaced.size() >= MOST_STUCK) {
                return;
            }
            if (before != null && !before.hasEnded()) {
                replaced.add(before);
            }
            Reader next = new Reader(before);
            current = next;
            if (before != null) {
                before.interrupt();
            }
            try {
                threads.accept(next);
            } catch (RuntimeException | OutOfMemoryError e) { // The latter: no thread can be made. It is tried again.
                next.ended.countDown();
                LOG.log(Level.WARNING, "The inbox has no thread", e);
            }
        }
    }

    /** Redis is there again: it is tried now. */
    void hurry() {
        Reader reader = current;
        if (reader != null) {
            reader.hurry();
        }
    }

    /** Reads until another one takes its place. Thread: its own; what is not run: any. */
    private final class Reader implements Runnable {
        private final @Nullable Reader before;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Semaphore hurried = new Semaphore(0);

        // Volatile: written by the reader, read by whoever interrupts it.
        private volatile @Nullable Connection connection;

        // Of the reader's thread.
        private Retry retry = new Retry();

        Reader(@Nullable Reader before) {
            this.before = before;
        }

        boolean hasEnded() {
            return ended.getCount() == 0;
        }

        private boolean isCurrent() {
            return current == this;
        }

        @Override
        public void run() {
            try {
                if (before != null) { // So that entries keep their order, unless that one is stuck.
                    before.ended.await(times.commandLimit().toMillis(), TimeUnit.MILLISECONDS);
                }
                while (isCurrent()) {
                    attempt();
                }
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "The server ends its threads", e);
            } finally {
                ended.countDown();
            }
        }

        private void attempt() throws InterruptedException {
            try {
                read();
            } catch (JedisException | RedisUnavailable e) {
                LOG.log(Level.DEBUG, "The inbox can't be read", e);
                failed(RedisStore.reason(e));
            } catch (RuntimeException | Error e) { // A bug, or a reply that is none; there is no thread but this one.
                if (retry.equals(new Retry())) {
                    LOG.log(Level.ERROR, "The inbox could not be read", e);
                }
                failed(e.toString());
            }
            if (isCurrent() && hurried.tryAcquire(retry.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                hurried.drainPermits();
            }
            retry = retry.next();
        }

        private void failed(String why) {
            topology.forget();
            if (isCurrent() && retry.isTrouble()) {
                trouble = why;
            }
        }

        private void read() {
            Duration replyLimit = WAIT.plus(times.commandLimit());
            try (Connection opened = connector.connect(topology.serverOf(JedisClusterCRC16.getSlot(key)), replyLimit)) {
                connection = opened;
                opened.executeCommand(mend());
                while (isCurrent()) {
                    readOnce(opened);
                    retry = new Retry();
                    trouble = "";
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
                if (!isCurrent()) {
                    return; // Another one goes on after the last.
                }
                List<?> entry = (List<?>) element;
                lastRead = EntryId.parse(RedisStore.text(entry.get(0)));
                accept((List<?>) entry.get(1));
            }
        }

        void hurry() {
            hurried.release();
        }

        /** Does not wait any more, neither for Redis nor to try again. */
        void interrupt() {
            hurried.release();
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

    private void accept(List<?> rawFields) {
        List<String> fields = new ArrayList<>(rawFields.size());
        rawFields.forEach(field -> fields.add(RedisStore.text(field)));
        if (fields.size() <= 2) {
            return; // Made by inbox.lua.
        }
        try {
            EnvelopeCodec.Sent sent = codec.decode(fields, node, incarnation);
            if (!isNew(sent)) {
                counters.repeatedCount.increment();
                return;
            }
            if (sent.envelope().kind() != Envelope.Kind.PING) { // Which is for this node's own ears.
                counters.receivedCount.increment();
            }
            receiver.accept(sent);
        } catch (EnvelopeCodec.Refused e) {
            LOG.log(Level.DEBUG, "An envelope was dropped: {0}", e.getMessage());
            (e.forged() ? counters.forgedCount : counters.malformedCount).increment();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "An envelope was not dealt with", e);
        }
    }

    private boolean isNew(EnvelopeCodec.Sent sent) {
        synchronized (lastNumbers) { // A reader that was stuck may still be at one.
            Long last = lastNumbers.get(sent.fromIncarnation());
            if (last != null && last >= sent.number()) {
                return false;
            }
            lastNumbers.put(sent.fromIncarnation(), sent.number());
            return true;
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

    private CommandArguments mend() {
        CommandArguments arguments = new CommandArguments(Protocol.Command.EVAL)
                .add(LuaScript.INBOX.text())
                .add(1)
                .add(key);
        upkeep().arguments().forEach(arguments::add);
        return arguments;
    }

    /** The thread ends soon. */
    void close() {
        synchronized (replaced) { // As in newReader.
            closed = true;
            Reader last = current;
            current = null;
            if (last != null) {
                last.interrupt();
            }
        }
    }
}
