package dev.noir.media;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One media loop: its sockets, its transports and tracks, and the thread that lends itself to them by calling
 * {@link #run}. {@link #post} is the only way in for other threads.
 *
 * <pre>
 *   open ──▶ NEW ──run──▶ RUNNING ──close or failure──▶ ENDED
 *             └───────────close──────────────────────────▲
 * </pre>
 *
 * Thread: any, except {@link #run}, which makes its caller the loop thread.
 */
public final class MediaLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(MediaLoop.class.getName());

    /** So that a flood of tasks cannot keep media waiting. */
    private static final int TASKS_PER_TURN = 256;

    private static final int MIN_EVENT_BUFFER_BYTES = 128 * 1024;
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private enum State {
        NEW,
        RUNNING,
        ENDED
    }

    // Given.
    private final MediaEvents events;

    // Owned.
    private final ByteBuffer eventBuffer; // Native code writes into it: this reference keeps it alive.
    private final Queue<LoopTask> inbox = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock =
            new ReentrantLock(); // Keeps `wakeup`, `adopt` and `destroy` apart: the only lock.

    // State.
    private final AtomicBoolean wakeupPending = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final int port;
    private final boolean acceptsTcp;
    private State state = State.NEW; // Under `lock`.
    private @Nullable Thread runner; // Under `lock`; set while RUNNING.
    private long handle; // Under `lock`, and the loop thread's while RUNNING. 0 when ENDED.

    private MediaLoop(MediaConfig config, MediaEvents events) {
        this.events = events;
        // Any event fits into an empty buffer: labels have at most 64 KiB (RFC 8832 §5.1), messages their limit.
        int largest = EventReader.HEADER_BYTES + config.limits().maxMessageBytes();
        this.eventBuffer = ByteBuffer.allocateDirect(Math.max(MIN_EVENT_BUFFER_BYTES, largest));
        this.handle = Native.create(Wire.config(config), eventBuffer);
        this.port = Native.port(handle);
        this.acceptsTcp = Native.acceptsTcp(handle);
    }

    /**
     * Binds the sockets. Media flows once some thread calls {@link #run}.
     *
     * @throws MediaException when an address or port cannot be had; the message names it
     */
    public static MediaLoop open(MediaConfig config, MediaEvents events) {
        NativeLibrary.load();
        return new MediaLoop(config, events);
    }

    /**
     * Makes loops known to each other, so that a track of one can have down tracks on all of them. A loop's place in the
     * list is what {@link RemoteTrack} names it by. Once, before any of them runs.
     */
    public static void connect(List<MediaLoop> loops) {
        Native.connect(loops.stream().mapToLong(MediaLoop::handleBeforeRun).toArray());
    }

    private long handleBeforeRun() {
        lock.lock();
        try {
            if (state != State.NEW) {
                throw new IllegalStateException("the loop runs already, or has ended");
            }
            return handle;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives memory that native code has freed, and the allocator kept, back to the system. Takes milliseconds, for which
     * others who need memory wait. Thread: any.
     */
    public static void releaseFreedMemory() {
        NativeLibrary.load();
        Native.releaseFreedMemory();
    }

    /** Every address to bind when none is configured: see {@link DefaultAddresses}. */
    public static List<InetAddress> defaultAddresses() {
        return DefaultAddresses.find();
    }

    /** The UDP port, which the system chose when the configured one is 0. */
    public int port() {
        return port;
    }

    /** Whether clients can also come by TCP, on the same port: it was wanted, and nobody else had it. */
    public boolean acceptsTcp() {
        return acceptsTcp;
    }

    /** Whether {@link #adopt} and {@link #peek} can do anything: they need to know what this JDK makes sockets of. */
    public static boolean canAdopt() {
        NativeLibrary.load();
        try (SocketChannel probe = SocketChannel.open()) {
            return Native.descriptor(probe) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The first octets of a connection, 64 at most, which stay there to be read. How many; 0 when there is nothing yet,
     * -1 when there is nothing any more.
     */
    public static int peek(SocketChannel connection, byte[] into) {
        return Native.peek(connection, into);
    }

    /**
     * Gives the loop a connection of which nothing has been read, and which begins with a STUN message in a frame
     * (RFC 4571). If that names a transport of another loop, the connection goes on there. The caller closes the channel
     * in any case: the loop has a descriptor of its own.
     *
     * @return false when the loop has no room for it, or has ended
     */
    public boolean adopt(SocketChannel connection) {
        lock.lock();
        try {
            return state != State.ENDED && Native.adopt(handle, connection);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does media, delivers events and executes tasks until {@link #close}. Call it once; it returns at once when the
     * loop was closed before.
     *
     * @throws MediaException when the loop cannot go on; it is closed then, with everything it held
     */
    public void run() {
        if (!begin()) {
            return;
        }
        NativeCommands commands = new NativeCommands(handle);
        EventReader reader = new EventReader(eventBuffer, events, MediaLoop::logFailure);
        try {
            while (!closing.get()) {
                reader.drain(Native.run(handle, Long.MAX_VALUE));
                executeTasks(commands);
            }
        } finally {
            commands.end();
            end();
        }
    }

    /**
     * Queues a task; tasks are executed in the order of their posting. False when the loop is closed: the task will
     * not run. A task still queued when the loop closes does not run either.
     */
    public boolean post(LoopTask task) {
        if (closing.get()) {
            return false;
        }
        inbox.add(task);
        wakeup();
        return true;
    }

    /**
     * Ends the loop and gives everything back: waits for {@link #run} to return, unless called from inside it. Closing
     * twice is harmless.
     */
    @Override
    public void close() {
        closing.set(true);
        boolean inside;
        lock.lock();
        try {
            if (state == State.NEW) {
                destroy();
            }
            inside = Thread.currentThread() == runner;
        } finally {
            lock.unlock();
        }
        wakeup();
        if (!inside) {
            awaitEnd();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (state == State.ENDED) {
                return false;
            }
            if (state == State.RUNNING) {
                throw new IllegalStateException("the loop runs already");
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void executeTasks(LoopCommands commands) {
        // Cleared before the inbox is read: a task added after the last poll wakes the loop again.
        wakeupPending.set(false);
        for (int done = 0; done < TASKS_PER_TURN; ) {
            LoopTask task = inbox.poll();
            if (task == null) {
                return;
            }
            try {
                task.execute(commands);
            } catch (RuntimeException e) {
                logFailure(e);
            }
            done += Math.max(1, task.weight());
        }
        wakeup();
    }

    /** Many posts, one system call: a wake-up means "look at the inbox". */
    private void wakeup() {
        if (!wakeupPending.compareAndSet(false, true)) {
            return;
        }
        lock.lock();
        try {
            if (state != State.ENDED) {
                Native.wakeup(handle);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        closing.set(true);
        lock.lock();
        try {
            destroy();
        } finally {
            lock.unlock();
        }
    }

    /** Under {@code lock}. */
    private void destroy() {
        state = State.ENDED;
        runner = null;
        Native.destroy(handle);
        handle = 0;
        inbox.clear();
        ended.countDown();
    }

    private void awaitEnd() {
        boolean done;
        try {
            done = ended.await(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MediaException(ErrorCode.WRONG_STATE, "interrupted while the loop was ending", e);
        }
        if (!done) {
            // The handle stays alive: destroying it under a running loop would take the whole JVM down.
            throw new MediaException(ErrorCode.WRONG_STATE, "the loop did not end: a listener or task blocks it");
        }
    }

    private static void logFailure(RuntimeException failure) {
        boolean stale = failure instanceof MediaException e && e.code() == ErrorCode.NOT_FOUND;
        LOG.log(stale ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR, "loop task or listener failed", failure);
    }
}
