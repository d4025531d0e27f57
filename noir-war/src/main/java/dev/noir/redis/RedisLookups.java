package dev.noir.redis;

import dev.noir.room.FollowOnExecutor;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What rooms and routes ask of Redis, over connections of their own: however many of them ask, and however long Redis takes,
 * the heartbeat does not wait. What is asked while a round trip is under way goes together with the next one, up to {@link
 * RedisLane#PIPELINE} questions; whoever waits longest makes it, for all of them.
 *
 * <p>A thread connects, when the heartbeat lets it ({@link #allow}) and until it is told that Redis is away ({@link #forbid}).
 * What it has connected to is asked only after the heartbeat has put this node's leases in force meanwhile ({@link #admit}): a
 * Redis that has come back empty is never asked who hosts a room before its host has said so. Thread: any; {@link #run} one of
 * its own.
 */
final class RedisLookups implements RedisCommands, Runnable {
    private static final Logger LOG = System.getLogger(RedisLookups.class.getName());

    // What everybody may read, and is in the way of no slot: shows that questions are answered.
    private static final RedisLane.Question PROBE = new RedisLane.Plain(
            RedisKeys.NODES_SINCE, new CommandArguments(Protocol.Command.GET).add(RedisKeys.NODES_SINCE));

    /** A question on its way. Guarded by the lock, but for who makes the round trip. */
    private static final class Asked {
        private final RedisLane.Question question;
        private @Nullable Object reply;
        private @Nullable RedisUnavailable failure;
        private boolean done;

        Asked(RedisLane.Question question) {
            this.question = question;
        }
    }

    // Given.
    private final Supplier<RedisLane> lanes;
    private final Runnable onConnected;
    private final Scheduler scheduler;
    private final RedisTimes times;

    // Owned.
    private final LongAdder askedCount = new LongAdder();
    private final LongAdder tripCount = new LongAdder();

    // State. Guarded by the lock, which is not held during a round trip.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private boolean underWay;
    private boolean allowed;
    private boolean closed;
    private @Nullable RedisLane candidate;

    // Volatile: written under the lock; lets everybody fail at once while there is none.
    private volatile @Nullable RedisLane lane;
    private volatile String failure = "there is no connection to Redis";

    /**
     * @param lanes not connected yet
     * @param onConnected there is something to {@link #admit}; must not block
     */
    RedisLookups(Supplier<RedisLane> lanes, Runnable onConnected, Scheduler scheduler, RedisTimes times) {
        this.lanes = lanes;
        this.onConnected = onConnected;
        this.scheduler = scheduler;
        this.times = times;
    }

    /** Why nothing can be asked now. */
    Optional<String> trouble() {
        return lane == null ? Optional.of(failure) : Optional.empty();
    }

    @Override
    public boolean isOpen() {
        return lane != null;
    }

    /** Runs the script; throws {@link RedisUnavailable} when it may not have run. */
    @Override
    public Object eval(RedisStore.Call call) {
        Object reply = ask(call);
        if (reply == null) {
            throw new RedisUnavailable("a script returned nothing");
        }
        return reply;
    }

    /** Any other command, for the key. Empty for Redis's null. */
    @Override
    public Optional<Object> run(String key, CommandArguments command) {
        return Optional.ofNullable(ask(new RedisLane.Plain(key, command)));
    }

    /** So many questions, ever. */
    long asked() {
        return askedCount.sum();
    }

    /** In so many round trips. */
    long trips() {
        return tripCount.sum();
    }

    private @Nullable Object ask(RedisLane.Question question) {
        Object reply = askAll(List.of(question)).get(0);
        if (reply instanceof RedisUnavailable unavailable) {
            throw unavailable;
        }
        return reply;
    }

    /** In this order where they are about the same server; for each the reply, or a {@link RedisUnavailable}. */
    List<@Nullable Object> askAll(List<? extends RedisLane.Question> questions) {
        if (lane == null) {
            throw new RedisUnavailable(failure);
        }
        FollowOnExecutor.aboutToWait();
        askedCount.add(questions.size());
        List<Asked> mine = new ArrayList<>(questions.size());
        questions.forEach(question -> mine.add(new Asked(question)));
        lock.lock();
        try {
            waiting.addAll(mine);
            while (!mine.isEmpty() && !mine.get(mine.size() - 1).done) {
                if (underWay) {
                    changed.awaitUninterruptibly(); // As long as a round trip takes, and those have limits.
                } else {
                    travel();
                }
            }
        } finally {
            lock.unlock();
        }
        List<@Nullable Object> replies = new ArrayList<>(mine.size());
        mine.forEach(asked -> replies.add(asked.failure == null ? asked.reply : asked.failure));
        return replies;
    }

    /** With those who have waited longest. The lock is held before and afterwards, not meanwhile. */
    private void travel() {
        List<Asked> together = new ArrayList<>(RedisLane.PIPELINE); // Of those that are taken out none gets lost.
        while (together.size() < RedisLane.PIPELINE && !waiting.isEmpty()) {
            together.add(waiting.remove());
        }
        RedisLane current = lane;
        underWay = true;
        lock.unlock();
        String why = failure;
        try {
            why = current == null ? failure : travel(current, together);
        } finally {
            lock.lock();
            underWay = false;
            settle(current, why);
            for (Asked asked : together) {
                asked.done = true;
                if (asked.failure == null && !why.isEmpty()) {
                    asked.failure = new RedisUnavailable(why);
                }
            }
            changed.signalAll();
        }
    }

    /** With the lock: after a round trip. */
    private void settle(@Nullable RedisLane current, String why) {
        if (current != null && lane == current && !why.isEmpty()) {
            lane = null;
            failure = why;
        }
        if (current != null && lane != current) {
            current.close(); // Nobody else uses it.
        }
    }

    /** Returns why nobody else can be served, or nothing. */
    private String travel(RedisLane current, List<Asked> together) {
        tripCount.increment();
        long leftNanos = scheduler.nanoTime();
        try {
            List<@Nullable Object> replies = current.askAll(
                    together.stream().map(asked -> asked.question).toList());
            times.took(Duration.ofNanos(scheduler.nanoTime() - leftNanos));
            String why = "";
            for (int i = 0; i < replies.size(); i++) {
                Asked asked = together.get(i);
                if (replies.get(i) instanceof JedisDataException error) {
                    // Words about one key are nobody else's business.
                    asked.failure = new RedisUnavailable(String.valueOf(error.getMessage()), error);
                    boolean grave = RedisWords.isAboutTheServer(error) && !asked.question.mayBeRefused();
                    why = grave ? String.valueOf(error.getMessage()) : why;
                } else {
                    asked.reply = replies.get(i);
                }
            }
            return why;
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "Redis can't be asked", e);
            return RedisStore.reason(e);
        }
    }

    /** Connects, whenever it may and has to. */
    @Override
    public void run() {
        Retry retry = new Retry();
        try {
            while (awaitNeed()) {
                retry = tryToConnect() ? new Retry() : pause(retry);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "The server ends its threads", e);
        }
    }

    /** False: it is over. */
    private boolean awaitNeed() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && (!allowed || lane != null || candidate != null)) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** One attempt. */
    boolean tryToConnect() {
        RedisLane fresh = lanes.get();
        try {
            fresh.connect();
            fresh.ask(PROBE);
        } catch (RuntimeException | Error e) {
            fresh.close();
            lock.lock();
            try {
                failure = allowed ? RedisStore.reason(e) : failure;
            } finally {
                lock.unlock();
            }
            return false;
        }
        lock.lock();
        try {
            if (closed || !allowed) {
                fresh.abort();
                return false;
            }
            candidate = fresh;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onConnected.run();
        return true;
    }

    private Retry pause(Retry retry) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = retry.pause().toNanos();
            while (!closed && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            return retry.next();
        } finally {
            lock.unlock();
        }
    }

    /** Redis is there: connect. */
    void allow() {
        lock.lock();
        try {
            allowed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As above, and waits a while until that is done, or has failed. */
    void allow(Duration limit) {
        allow();
        lock.lock();
        try {
            long leftNanos = limit.toNanos();
            while (!closed && candidate == null && lane == null && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Redis is away. */
    void forbid(String why) {
        lock.lock();
        try {
            allowed = false;
            failure = why;
            if (candidate != null) {
                candidate.abort();
                candidate = null;
            }
            RedisLane current = lane;
            if (current != null) {
                current.abort();
                lane = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is connected and waits to be admitted. */
    Optional<RedisLane> candidate() {
        lock.lock();
        try {
            return Optional.ofNullable(candidate);
        } finally {
            lock.unlock();
        }
    }

    /** This node's leases have been in force since it was the candidate: now it may be asked. */
    void admit(RedisLane proven) {
        lock.lock();
        try {
            if (candidate == proven) {
                candidate = null;
                lane = proven;
                times.connected();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The thread ends soon. */
    void close() {
        forbid("this node ends");
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
