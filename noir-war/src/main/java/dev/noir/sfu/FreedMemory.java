package dev.noir.sfu;

import dev.noir.media.MediaLoop;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The handshakes of a join take many times the memory that stays of them, and what they leave free lies scattered between
 * what stays. Once nobody has come or gone for a while, it is given back to the system. Thread: any.
 */
public final class FreedMemory {
    private static final Duration QUIET = Duration.ofSeconds(3);

    // Given.
    private final Scheduler scheduler;
    private final Runnable release;

    private final AtomicLong changes = new AtomicLong();
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** Releases on {@code threads}, since it takes milliseconds. */
    public FreedMemory(Scheduler scheduler, Executor threads) {
        this(scheduler, () -> threads.execute(MediaLoop::releaseFreedMemory));
    }

    FreedMemory(Scheduler scheduler, Runnable release) {
        this.scheduler = scheduler;
        this.release = release;
    }

    /** A transport has come or gone. */
    public void changed() {
        changes.incrementAndGet();
        if (waiting.compareAndSet(false, true)) {
            await();
        }
    }

    private void await() {
        long seen = changes.get();
        scheduler.schedule(QUIET, () -> look(seen));
    }

    private void look(long seen) {
        if (changes.get() != seen) {
            await();
            return;
        }
        waiting.set(false);
        release.run();
    }
}
