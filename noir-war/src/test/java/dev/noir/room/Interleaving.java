package dev.noir.room;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * Threads of which a seed says who goes on next: tasks wait until it is their turn, and where code passes a {@link #point} (a call
 * to a double) others may run in between, as if it had been interrupted there. All on one thread.
 */
public final class Interleaving implements Executor {
    private static final int DEEPEST = 8;

    private final Random random;
    private final List<Runnable> ready = new ArrayList<>();
    private int depth;

    public Interleaving(long seed) {
        random = new Random(seed);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    /** Here another thread may be faster. */
    public void point() {
        while (!ready.isEmpty() && depth < DEEPEST && random.nextInt(3) == 0) {
            runOne();
        }
    }

    /** Until nobody has anything to do. */
    public void runAll() {
        while (!ready.isEmpty()) {
            runOne();
        }
    }

    private void runOne() {
        Runnable next = ready.remove(random.nextInt(ready.size()));
        depth++;
        try {
            next.run();
        } finally {
            depth--;
        }
    }
}
