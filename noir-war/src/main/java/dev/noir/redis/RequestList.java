package dev.noir.redis;

import dev.noir.room.RoomException;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * Requests that other programs leave in a list of Redis, each of which one node takes, and the lists in which they find the replies.
 * Not more are taken than are answered: the rest waits there, and what is too much is dropped.
 *
 * <p>Thread: any; tasks of the executor it is given wait for Redis.
 */
public final class RequestList implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RequestList.class.getName());

    /** Of one request, in bytes. */
    public static final int LONGEST = 256 * 1024;

    static final int AT_ONCE = 8;
    static final int MAX_UNDER_WAY = 64;
    static final int MAX_WAITING = 10_000;
    static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration TROUBLE = Duration.ofSeconds(1);

    /** So long a reply waits for its reader, as the original's did. */
    private static final Duration REPLY_TTL = Duration.ofSeconds(25);

    /** Longer than a request can be old. */
    private static final Duration SEEN_TTL = Duration.ofMinutes(3);

    /** What a request is answered with. */
    public static final class Reply {
        private final String name;
        private final byte[] message;

        /** @param name of who reads the reply */
        public Reply(String name, byte[] message) {
            this.name = name;
            this.message = message;
        }
    }

    /** What is said only once. */
    public interface Once {
        /** Whether no node has asked this before; blocks. */
        boolean isFirst(String signature);
    }

    /** Who does what is asked for. */
    public interface Reader {
        /** Empty: nobody is to be told. Never fails; may wait for {@code once} alone. */
        CompletionStage<Optional<Reply>> answer(byte[] request, Once once);
    }

    // Given.
    private final EventQueries redis;
    private final Scheduler scheduler;

    // Owned.
    private final TroubleLog troubles;

    // State.
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;

    RequestList(RedisLookups lookups, Scheduler scheduler) {
        this.redis = new EventQueries(lookups);
        this.scheduler = scheduler;
        this.troubles = new TroubleLog(scheduler);
    }

    /** From now on they are read here, too. To be called once. */
    public void serve(Reader reader, Executor threads) {
        scheduler.schedule(LOOK, () -> start(reader, threads));
    }

    private void start(Reader reader, Executor threads) {
        if (closed) {
            return;
        }
        try {
            threads.execute(() -> scheduler.schedule(look(reader, threads), () -> start(reader, threads)));
        } catch (RejectedExecutionException e) { // The server has too much to do.
            LOG.log(Level.DEBUG, "no thread to look for requests", e);
            scheduler.schedule(TROUBLE, () -> start(reader, threads));
        }
    }

    /** When to look again. */
    private Duration look(Reader reader, Executor threads) {
        int most = Math.min(AT_ONCE, MAX_UNDER_WAY - underWay.get());
        if (closed || most <= 0) {
            return LOOK;
        }
        try {
            List<?> taken = (List<?>) redis.ask(new RedisStore.Call(
                    LuaScript.TAKE,
                    List.of(RedisKeys.REQUESTS),
                    List.of(String.valueOf(most), String.valueOf(LONGEST), String.valueOf(MAX_WAITING))));
            troubles.look(trouble(taken));
            taken.stream().skip(1).map(byte[].class::cast).forEach(request -> answer(request, reader, threads));
            return LOOK;
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, "Requests cannot be read now", e);
            return TROUBLE;
        } catch (RuntimeException e) { // A key of another type, or an answer that is none.
            troubles.look(Optional.of("requests in Redis cannot be read: " + e.getMessage()));
            LOG.log(Level.DEBUG, "Requests cannot be read", e);
            return TROUBLE;
        }
    }

    private static Optional<String> trouble(List<?> taken) {
        if (taken.get(0) instanceof Long dropped && dropped > 0) {
            return Optional.of(dropped + " requests in Redis were dropped: more than " + MAX_WAITING + " waited");
        }
        boolean tooLong = taken.stream().skip(1).anyMatch(request -> ((byte[]) request).length == 0);
        return tooLong
                ? Optional.of("a request in Redis was dropped: it may have 1 to " + LONGEST + " bytes")
                : Optional.empty();
    }

    private void answer(byte[] request, Reader reader, Executor threads) {
        if (request.length == 0) {
            return;
        }
        underWay.incrementAndGet();
        CompletionStage<?> unused = reader.answer(request, this::isFirst).whenComplete((reply, failure) -> {
            underWay.decrementAndGet();
            if (failure == null && reply.isPresent()) {
                send(reply.get(), threads);
            }
        });
    }

    private boolean isFirst(String signature) {
        String key = RedisKeys.seenRequest(signature);
        return !(redis.ask(new RedisLane.Plain(
                        key,
                        new CommandArguments(Protocol.Command.SET)
                                .add(key)
                                .add("")
                                .add("NX")
                                .add("PX")
                                .add(SEEN_TTL.toMillis())))
                instanceof List<?>); // Which stands for null: there is such a key.
    }

    private void send(Reply reply, Executor threads) {
        try {
            threads.execute(() -> write(reply));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.WARNING, "A request in Redis was answered, but there is no thread to write the reply");
        }
    }

    private void write(Reply reply) {
        String key = RedisKeys.replies(reply.name);
        try {
            redis.askAll(List.of(
                    new RedisLane.Plain(
                            key,
                            new CommandArguments(Protocol.Command.LPUSH)
                                    .add(key)
                                    .add(reply.message)),
                    new RedisLane.Plain(
                            key,
                            new CommandArguments(Protocol.Command.PEXPIRE)
                                    .add(key)
                                    .add(REPLY_TTL.toMillis()))));
        } catch (RoomException e) {
            LOG.log(
                    Level.WARNING,
                    "A request in Redis was answered, but the reply cannot be written: " + e.getMessage());
        }
    }

    /** No more are taken. */
    @Override
    public void close() {
        closed = true;
    }
}
