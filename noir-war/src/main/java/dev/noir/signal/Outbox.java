package dev.noir.signal;

import dev.noir.protocol.Utf16;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The frames on their way to one client. JSR-356 lets a second send throw while one is in flight, so there is only ever
 * one; the rest waits here, bounded in number and size. A client that reads too slowly is closed. Thread: any.
 */
public final class Outbox {
    private static final Logger LOG = System.getLogger(Outbox.class.getName());

    static final int MAX_FRAMES = 512;
    static final int MAX_CHARS = 2 * 1024 * 1024;

    static final int TOO_SLOW = 1008; // RFC 6455 §7.4.1: policy violation.

    /** A text, a message in bytes, or neither: a ping. */
    private record Frame(@Nullable String text, @Nullable ByteBuffer bytes) {
        static final Frame PING = new Frame(null, null);

        int length() {
            if (bytes != null) {
                return bytes.remaining();
            }
            return text == null ? 0 : text.length();
        }
    }

    // Given.
    private final SocketPort socket;
    private final Executor threads;

    // State. Guarded by `this`, which is held for queue operations only, never while sending.
    private final Queue<Frame> frames = new ArrayDeque<>();
    private int chars;
    private boolean sending;
    private boolean closed;
    private volatile boolean closeSent;
    private @Nullable Runnable last;
    private Runnable givenUp = () -> {};

    Outbox(SocketPort socket, Executor threads) {
        this.socket = socket;
        this.threads = threads;
    }

    /**
     * What to do when the client is closed without another frame, before the socket is: that may wait until the client has taken
     * what was sent before, and this one does not.
     */
    synchronized void whenGivenUp(Runnable action) {
        givenUp = action;
    }

    void text(String text) {
        add(new Frame(Utf16.repaired(text), null));
    }

    void binary(byte[] message) {
        add(new Frame(null, ByteBuffer.wrap(message)));
    }

    void ping() {
        add(Frame.PING);
    }

    /** Closes once everything queued has been sent; nothing is accepted any more. */
    void closeAfterSending(int code, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = () -> end(code, reason);
            if (sending) {
                return;
            }
            sending = true;
        }
        startPump();
    }

    /** Closes without another frame: the client is slow, gone or hostile. */
    void closeNow(int code, String reason) {
        Runnable before;
        synchronized (this) {
            closed = true;
            frames.clear();
            chars = 0;
            last = null;
            before = givenUp;
        }
        run(() -> {
            before.run();
            end(code, reason);
        });
    }

    private void end(int code, String reason) {
        socket.close(code, reason);
        closeSent = true;
    }

    /** The client has been told: what still comes is no message that was on its way. */
    boolean isCloseSent() {
        return closeSent;
    }

    /** How many frames have not been sent yet, not counting one that is being sent. */
    synchronized int waiting() {
        return frames.size();
    }

    /** Or about to be: nothing is accepted any more. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** To be called with the right to send; whoever queues the next frame has it when there is no thread for the pump. */
    private void startPump() {
        if (!run(this::pump)) {
            synchronized (this) { // As the queue.
                sending = false;
            }
        }
    }

    /** False when there is no thread. */
    private boolean run(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // A server that has too much to do; or noiR is being stopped, and the container closes what sockets are
            // left.
            LOG.log(Level.DEBUG, "no thread to send", e);
            return false;
        }
    }

    private void add(Frame frame) {
        boolean full;
        synchronized (this) {
            if (closed) {
                return;
            }
            full = frames.size() >= MAX_FRAMES || chars + frame.length() > MAX_CHARS;
            if (!full) {
                frames.add(frame);
                chars += frame.length();
                if (sending) {
                    return;
                }
                sending = true;
            }
        }
        if (full) {
            closeNow(TOO_SLOW, "the client reads too slowly");
        } else {
            startPump();
        }
    }

    /** Sends until the queue is empty or a send is still under way; owns the right to send ({@code sending}). */
    private void pump() {
        for (Frame frame = next(); frame != null; frame = next()) {
            Handover handover = new Handover();
            if (frame.bytes() != null) {
                socket.sendBinary(frame.bytes(), failure -> sent(failure, handover));
            } else if (frame.text() != null) {
                socket.sendText(frame.text(), failure -> sent(failure, handover));
            } else {
                socket.sendPing();
                continue;
            }
            if (!handover.pumpGoesOn()) {
                return;
            }
        }
    }

    private synchronized @Nullable Frame next() {
        Frame frame = frames.poll();
        if (frame != null) {
            chars -= frame.length();
            return frame;
        }
        sending = false;
        if (last != null) {
            Runnable close = last;
            last = null;
            run(close);
        }
        return null;
    }

    private void sent(@Nullable Throwable failure, Handover handover) {
        if (failure != null) {
            // The container closes a broken socket, but does not always tell the endpoint: Tomcat 10.1 forgets it when
            // the peer's reset arrives during a send. Closing the session makes it tell.
            closeNow(TOO_SLOW, "the client does not take what it is sent");
        }
        if (!handover.callbackLeaves()) {
            startPump();
        }
    }

    /** Decides whether the pump or the callback of a send goes on: whoever comes second. No recursion, no lost turn. */
    private static final class Handover {
        private boolean otherWasHere;

        synchronized boolean pumpGoesOn() {
            return second();
        }

        /** True: the pump is still in {@code sendText} and will go on itself. */
        synchronized boolean callbackLeaves() {
            return !second();
        }

        private boolean second() {
            boolean second = otherWasHere;
            otherWasHere = true;
            return second;
        }
    }
}
