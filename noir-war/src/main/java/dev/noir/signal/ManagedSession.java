package dev.noir.signal;

import dev.noir.access.Visitor;
import dev.noir.room.CloseCause;
import dev.noir.room.Scheduler;
import dev.noir.room.TokenBucket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One administrator's connection, whatever protocol it speaks: how much may be under way, whether it is alive, for how long it is
 * known who is there. What he does wrong is answered, and the connection goes on; who floods it is closed.
 *
 * <p>Thread: what reads is called by one thread at a time, the container's for this connection; the rest by any.
 */
public abstract class ManagedSession {
    // Parts of messages: each may be small, and a caller's budget counts whole ones.
    private static final int BURST = 4000;
    private static final int PARTS_PER_SECOND = 400;

    /** Commands on their way; more are not read before one is answered. */
    static final int MAX_UNDER_WAY = 100;

    static final Duration PING_INTERVAL = Duration.ofSeconds(12);
    static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(36);

    // Given.
    private final ManagementSockets sockets;
    private final Outbox outbox;

    // Owned; the bucket by the reading thread.
    private final KnownVisitor known = new KnownVisitor(this::standingOver);
    private final TokenBucket bucket;

    // Written by the reading thread, read by the timer: a late read only delays a ping's verdict.
    private volatile long lastHeardNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Scheduler.@Nullable Timer timer;

    protected ManagedSession(ManagementSockets sockets, Outbox outbox) {
        this.sockets = sockets;
        this.outbox = outbox;
        this.lastHeardNanos = sockets.scheduler().nanoTime();
        this.bucket = new TokenBucket(BURST, PARTS_PER_SECOND, lastHeardNanos);
    }

    /** To be called once, by whoever has made it. */
    void start() {
        timer = sockets.scheduler().schedule(PING_INTERVAL, this::tick);
    }

    /** It is known who is there; to be called once. */
    protected final void belongsTo(Visitor visitor) {
        known.follow(visitor);
    }

    private void standingOver(CloseCause cause) {
        endAfterSending(cause.code(), cause.reason());
        closed();
    }

    void goAway() {
        endAfterSending(CloseCause.GOING_AWAY.code(), CloseCause.GOING_AWAY.reason());
    }

    protected final void send(String text) {
        outbox.text(text);
    }

    protected final void send(byte[] message) {
        outbox.binary(message);
    }

    /** How many messages have not been taken by the connection yet. */
    protected final int waitingToBeSent() {
        return outbox.waiting();
    }

    protected final void endNow(int code, String reason) {
        outbox.closeNow(code, reason);
    }

    protected final void endAfterSending(int code, String reason) {
        outbox.closeAfterSending(code, reason);
    }

    protected final Scheduler.Timer schedule(Duration delay, Runnable task) {
        return sockets.scheduler().schedule(delay, task);
    }

    /** A part of a message has come. False: it is not to be looked at. */
    protected final boolean takesPart() {
        if (isOver()) {
            return false;
        }
        heard();
        if (!bucket.tryTake(sockets.scheduler().nanoTime())) {
            endNow(ClientSession.POLICY_VIOLATION, "too many messages");
            return false;
        }
        return true;
    }

    /** A command is about to be under way until {@link #answered}. False: there are too many. */
    protected final boolean mayAsk() {
        if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
            underWay.decrementAndGet();
            endNow(ClientSession.POLICY_VIOLATION, "too many commands are under way");
            return false;
        }
        return true;
    }

    protected final void answered() {
        underWay.decrementAndGet();
    }

    protected final boolean isOver() {
        return closed.get() || outbox.isClosed();
    }

    public void heard() {
        lastHeardNanos = sockets.scheduler().nanoTime();
    }

    /** The connection has been closed by whichever side. */
    public void closed() {
        if (closed.compareAndSet(false, true)) {
            Scheduler.Timer running = timer;
            if (running != null) {
                running.cancel();
            }
            known.close();
            sockets.forget(this);
            gone();
        }
    }

    /** Called once, when nothing can be said or heard any more. */
    protected void gone() {}

    public void failed() {
        endNow(ClientSession.INTERNAL_ERROR, "internal error");
        closed();
    }

    private void tick() {
        if (closed.get()) {
            return;
        }
        if (sockets.scheduler().nanoTime() - lastHeardNanos > SILENCE_TIMEOUT.toNanos()) {
            endNow(ClientSession.POLICY_VIOLATION, "the client has not been heard of");
            closed();
            return;
        }
        outbox.ping();
        timer = sockets.scheduler().schedule(PING_INTERVAL, this::tick);
    }
}
