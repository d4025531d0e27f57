package dev.noir.room;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks one at a time and in order on the threads of another executor. A task that throws is logged and does not
 * stop the next, nor does a turn that the other executor has no place for: the next task asks for one again. Thread: any.
 *
 * <p>What must be done is executed, however much waits; what somebody asks for is offered, and may be refused.
 */
public final class SerialExecutor implements Executor {
    private static final Logger LOG = System.getLogger(SerialExecutor.class.getName());

    // So that one busy room can't keep a shared thread for itself.
    private static final int TASKS_PER_TURN = 64;

    /** Of those that were offered. */
    static final int MAX_OFFERED = 1024;

    // Given.
    private final String name;
    private final Executor threads;

    // State. Guarded by itself: posted to from any thread, polled by whichever thread has the turn.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean scheduled;
    private int offered;

    public SerialExecutor(String name, Executor threads) {
        this.name = name;
        this.threads = threads;
    }

    /** For what comes from outside. False when too much of it waits already: the task is refused. */
    public boolean offer(Runnable task) {
        synchronized (tasks) { // The lock is held for an addition only.
            if (offered >= MAX_OFFERED) {
                return false;
            }
            offered++;
        }
        execute(() -> {
            synchronized (tasks) { // As above.
                offered--;
            }
            task.run();
        });
        return true;
    }

    @Override
    public void execute(Runnable task) {
        // The lock is held for a queue operation only.
        synchronized (tasks) {
            tasks.add(task);
            if (!isDue()) {
                return;
            }
        }
        takeTurn();
    }

    /** All of them, in their order, for which a thread is woken once. */
    public void executeAll(Collection<? extends Runnable> more) {
        synchronized (tasks) { // As above.
            tasks.addAll(more);
            if (!isDue()) {
                return;
            }
        }
        takeTurn();
    }

    /** Whether a turn has to be asked for, which counts as done; the lock is held. */
    private boolean isDue() {
        boolean due = !scheduled && !tasks.isEmpty();
        scheduled |= due;
        return due;
    }

    private void takeTurn() {
        try {
            threads.execute(this::turn);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // A server that has too much to do, or a system that has no thread left, which Java calls out of memory; or
            // noiR has ended its threads, and nobody is left to do anything for.
            LOG.log(Level.DEBUG, name + ": no thread for a task", e);
            synchronized (tasks) { // As above.
                scheduled = false;
            }
        }
    }

    private void turn() {
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task;
            synchronized (tasks) { // As above.
                task = tasks.poll();
                if (task == null) {
                    scheduled = false;
                    return;
                }
            }
            run(task);
            if (FollowOnExecutor.hasFollowOns()) {
                break; // They go first: an answer does not wait for the requests that came after its own.
            }
        }
        takeTurn();
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // An Error must not take the turn with it: nobody would ever get it back.
            LOG.log(Level.ERROR, name + ": a task failed", e);
        }
    }
}
