package dev.noir.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that does what a node has to do from time to time, all of it one after the other. Thread: any; {@link Turn} is
 * called on the thread it makes.
 */
final class Heartbeat {
    // For what the last turn does: a few commands to Redis.
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    /** What is done. */
    interface Turn {
        /** Returns when to take the next one. Throws nothing. */
        Duration take();

        /** After the last one. Throws nothing. */
        void end();
    }

    // Owned.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CountDownLatch ended = new CountDownLatch(1);

    // State. Guarded by the lock, which is not held during a turn.
    private boolean started;
    private boolean awake;
    private boolean stopping;

    /** Once. */
    void start(ThreadFactory threads, Turn turn) {
        Thread thread = threads.newThread(() -> run(turn));
        thread.setName("noir-heartbeat");
        lock.lock();
        try {
            started = true;
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    private void run(Turn turn) {
        try {
            Duration wait = turn.take();
            while (sleep(wait)) {
                wait = turn.take();
            }
            turn.end();
        } finally {
            ended.countDown();
        }
    }

    /** False: no further turn. */
    private boolean sleep(Duration wait) {
        lock.lock();
        try {
            long leftNanos = wait.toNanos();
            while (!awake && !stopping && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            awake = false;
            return !stopping;
        } catch (InterruptedException e) {
            // The server ends its threads.
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The next turn begins now, or right after the one under way. */
    void wake() {
        lock.lock();
        try {
            awake = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The last turn is taken; waits for its end, but not for ever. Not to be called in a turn. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            if (!started) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            ended.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
