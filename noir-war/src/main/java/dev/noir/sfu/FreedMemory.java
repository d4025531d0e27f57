package dev.noir.sfu;

import dev.noir.media.MediaLoop;
import dev.noir.room.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The handshakes of a join take many times the memory that stays of them, and what they leave free lies scattered between
 * what stays. Once nobody has come or gone for a while, it is given back to the system; now and then also where there is
 * no such while. Thread: any.
 */
public final class FreedMemory {
    private static final Duration QUIET = Duration.ofSeconds(3);

    // The JVM compiles what the joins have run, and needs some seconds to let go of what that took.
    private static final Duration COMPILED = Duration.ofSeconds(8);

    // Where it is never quiet, half a minute: a loop that wants memory meanwhile has to wait.
    private static final int MOST_LOOKS = 11;

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
            await(MOST_LOOKS);
        }
    }

    private void await(int looks) {
        long seen = changes.get();
        scheduler.schedule(QUIET, () -> look(seen, looks - 1));
    }

    private void look(long seen, int looks) {
        if (looks > 0 && changes.get() != seen) {
            await(looks);
            return;
        }
        waiting.set(false);
        release.run();
        scheduler.schedule(COMPILED, () -> {
            if (changes.get() == seen) {
                release.run();
            }
        });
    }
}
