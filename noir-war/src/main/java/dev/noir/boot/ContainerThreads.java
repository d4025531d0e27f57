package dev.noir.boot;

import dev.noir.room.FollowOnExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Threads for everybody: those of the server where it lends some (Jakarta Concurrency, looked up as the
 * {@code java.util.concurrent} types they are), else named daemon threads of our own. Deadlines have a thread of the server's
 * factory to themselves rather than its scheduled executor, which drops what comes due while the server is suspended, and rows
 * of tasks that have missed one of them for good (WildFly). Thread: any.
 */
public final class ContainerThreads implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ContainerThreads.class.getName());
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(5);
    // As many threads as a burst of joins needs at once; each holds a stack until it has been idle for this long.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);
    private static final int SPARE_THREADS = 2;

    private final ThreadFactory factory;
    private final ExecutorService executor;
    private final ScheduledExecutorService scheduler;
    private final PatientExecutor patient;
    private final Executor tasks;
    private final ExecutorService observers;

    // Owned.
    private final ConcurrentLinkedQueue<Thread> made = new ConcurrentLinkedQueue<>();
    private final List<ExecutorService> ownPools = new ArrayList<>();

    /** To be tried with: {@code executor} and {@code scheduler} are not ended here. */
    ContainerThreads(ThreadFactory source, ExecutorService executor, ScheduledExecutorService scheduler) {
        this.factory = task -> remember(source.newThread(task));
        this.executor = executor;
        this.scheduler = scheduler;
        this.patient = new PatientExecutor(executor, ownPool(upTo(SPARE_THREADS, factory)), scheduler);
        this.tasks = new FollowOnExecutor(patient);
        this.observers = ownPool(upTo(ObservedEvents.ROWS, factory));
    }

    private ContainerThreads(boolean askServer) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory own = task -> {
            Thread thread = new Thread(task, "noir-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        ThreadFactory source = find(askServer, "java:comp/DefaultManagedThreadFactory", ThreadFactory.class)
                .orElse(own);
        // Remembered either way: a managed thread outlives the application just as well.
        factory = task -> remember(source.newThread(task));
        executor = find(askServer, "java:comp/DefaultManagedExecutorService", ExecutorService.class)
                .orElseGet(() -> ownPool(ownExecutor(factory)));
        scheduler = ownPool(ownScheduler(factory));
        patient = new PatientExecutor(executor, ownPool(upTo(SPARE_THREADS, factory)), scheduler);
        tasks = new FollowOnExecutor(patient);
        observers = ownPool(upTo(ObservedEvents.ROWS, factory));
    }

    /** The server's where it has them. Call on a thread of the server: that is where its names are known. */
    static ContainerThreads ofServer() {
        return new ContainerThreads(true);
    }

    /** Plain threads, as on Tomcat. */
    static ContainerThreads ofOurOwn() {
        return new ContainerThreads(false);
    }

    /** For threads that run as long as noiR does, such as media loops. Stop them before {@link #close}. */
    public ThreadFactory factory() {
        return factory;
    }

    /** What {@link #patient} asks first. */
    ExecutorService executor() {
        return executor;
    }

    /** For short tasks; what the server refuses, since it is full or suspended, is done all the same. */
    public Executor patient() {
        return patient;
    }

    /** For routes, rooms and sockets: as {@link #executor}, with what a task posts done by the same thread after it. */
    public Executor tasks() {
        return tasks;
    }

    /** For other people's code, which may wait as long as it likes; always our own pool, since a server's may be one thread. */
    public ExecutorService observers() {
        return observers;
    }

    /** Our own, up to so many, for those who feed other programs and may have to wait for them. Once for each purpose. */
    Executor writers(int threads) {
        return ownPool(upTo(threads, factory));
    }

    /** For deadlines; its tasks must be short or hand over to {@link #patient}. Never shut it down. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Ends our pools and waits for every thread made here; one that does not end is a bug, and logged as such. */
    @Override
    public void close() {
        patient.close();
        ownPools.forEach(ExecutorService::shutdownNow);
        long deadline = System.nanoTime() + JOIN_LIMIT.toNanos();
        try {
            for (Thread thread : made) {
                long leftMillis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                thread.join(leftMillis);
                if (thread.isAlive()) {
                    LOG.log(Level.ERROR, "Thread {0} has not ended; it keeps this deployment in memory", thread);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread remember(Thread thread) {
        made.removeIf(known -> known.getState() == Thread.State.TERMINATED);
        made.add(thread);
        return thread;
    }

    private <T extends ExecutorService> T ownPool(T pool) {
        ownPools.add(pool);
        return pool;
    }

    private static ExecutorService ownExecutor(ThreadFactory factory) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    private static ExecutorService upTo(int threads, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ScheduledExecutorService ownScheduler(ThreadFactory factory) {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, factory);
        // Or every cancelled deadline stays, with all it refers to, until its time comes.
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }

    @SuppressWarnings("BanJNDI") // The names are constants above.
    private static <T> Optional<T> find(boolean askServer, String name, Class<T> type) {
        if (!askServer) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.cast(new InitialContext().lookup(name)));
        } catch (NamingException e) {
            // Tomcat: no such name; embedded: no names at all.
            return Optional.empty();
        }
    }
}
