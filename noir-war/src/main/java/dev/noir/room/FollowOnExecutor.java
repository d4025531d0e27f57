package dev.noir.room;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Gives what a task posts to the task's own thread, which does it next: a message of a client goes from its route to the
 * room, back to the route and out of its socket, and waking a thread for each step costs more than the step. Thread: any.
 *
 * <p>What a thread has taken on waits for it. So it is little, and whoever may have to wait says so: {@link #aboutToWait}.
 */
public final class FollowOnExecutor implements Executor {
    // More is for others to do at the same time: all subscribers of a large room hear of a new track.
    static final int MAX_FOLLOW_ONS = 8;

    private static final Logger LOG = System.getLogger(FollowOnExecutor.class.getName());
    private static final ThreadLocal<@Nullable FollowOns> CURRENT = new ThreadLocal<>();

    /** What the tasks that a thread is at have posted. Thread: that one. */
    private static final class FollowOns {
        private final Executor threads;
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final Deque<Runnable> posted = new ArrayDeque<>(); // By the task under way.

        FollowOns(Executor threads) {
            this.threads = threads;
        }

        int size() {
            return tasks.size() + posted.size();
        }

        /** What a task has posted comes before what others had posted earlier: an answer goes out before the next begins. */
        @Nullable
        Runnable next() {
            while (!posted.isEmpty()) {
                tasks.addFirst(posted.removeLast());
            }
            return tasks.poll();
        }

        /** What nobody takes stays with this thread. */
        void giveAway() {
            while (!posted.isEmpty()) {
                tasks.addFirst(posted.removeLast());
            }
            for (int left = tasks.size(); left > 0; left--) {
                Runnable given = tasks.remove();
                try {
                    threads.execute(() -> run(given, threads));
                } catch (RejectedExecutionException | OutOfMemoryError e) { // The latter: no thread can be made.
                    tasks.add(given);
                }
            }
        }
    }

    // Given.
    private final Executor threads;

    public FollowOnExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        FollowOns current = CURRENT.get();
        if (current != null && current.threads == threads && current.size() < MAX_FOLLOW_ONS) {
            current.posted.add(task);
        } else {
            threads.execute(() -> run(task, threads));
        }
    }

    private static void run(Runnable first, Executor threads) {
        FollowOns followOns = new FollowOns(threads);
        CURRENT.set(followOns);
        try {
            for (Runnable task = first; task != null; task = followOns.next()) {
                attempt(task);
            }
        } finally {
            CURRENT.remove(); // The thread may be the server's.
        }
    }

    /** One that fails is a bug, and keeps none that follows from being done. */
    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a task failed", e);
        }
    }

    /** The calling task has posted something that its thread will do next. */
    static boolean hasFollowOns() {
        FollowOns current = CURRENT.get();
        return current != null && !current.posted.isEmpty();
    }

    /** The calling task may have to wait for the network: what it and those before it have posted goes to other threads. */
    public static void aboutToWait() {
        FollowOns current = CURRENT.get();
        if (current != null) {
            current.giveAway();
        }
    }
}
