package dev.noir.signal;

import dev.noir.access.Caller;
import dev.noir.access.Visitor;
import dev.noir.room.CloseCause;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerRequests;
import dev.noir.room.Reply;
import dev.noir.room.Scheduler;
import dev.noir.room.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, whatever protocol it speaks: what it may cost, whether it is alive, for how long it is known who is there.
 * Which words are said, and read, is up to its kinds.
 *
 * <p>Thread: what reads is called by one thread at a time, the container's for this connection; the rest by any.
 */
public abstract class ClientSession implements PeerLink {
    protected static final int POLICY_VIOLATION = 1008; // RFC 6455 §7.4.1, as are the next ones.
    protected static final int TOO_BIG = 1009;
    static final int INTERNAL_ERROR = 1011;

    // What a message costs of the connection's budget, so that the work it makes is what counts: long ones more, and an
    // offer or a join, which is parsed, answered and offered to others, as much as seven. The offer of a page that
    // publishes all day has 30 000 characters: five of them a second can go on for ever. One as long as can be costs
    // 9 ms and 39 tokens.
    private static final int CHARS_PER_TOKEN = 8192;
    static final int ON_THEIR_WAY = 64; // Frames.
    private static final int NEGOTIATION_TOKENS = 6; // Besides the one for the message.

    // Given.
    private final SignalServer server;
    private final Outbox outbox;
    private volatile Visitor visitor;

    // Owned; the bucket by the reading thread.
    private final KnownVisitor known = new KnownVisitor(this::standingOver);
    private final TokenBucket bucket;
    private volatile IntPredicate share; // Of what the caller's connections may say together.

    // Written by the reading thread, read by the timer: a late read only delays a ping's verdict.
    private final AtomicInteger afterClose = new AtomicInteger(); // Frames.
    private volatile long lastHeardNanos;
    private volatile long notJoinedSinceNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Scheduler.@Nullable Timer timer;

    protected ClientSession(SignalServer server, Outbox outbox, Visitor visitor) {
        this.server = server;
        this.outbox = outbox;
        this.visitor = visitor;
        long now = server.scheduler().nanoTime();
        this.bucket = new TokenBucket(server.limits().burst(), server.limits().messagesPerSecond(), now);
        this.share = server.quotas().messages(visitor.caller());
        this.lastHeardNanos = now;
        this.notJoinedSinceNanos = now;
    }

    void start() {
        outbox.whenGivenUp(() -> server.rooms().leave(this));
        timer = server.scheduler().schedule(untilNextTick(), this::tick);
        known.follow(visitor);
    }

    SignalServer server() {
        return server;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Sends a message in bytes when those before have been sent. */
    protected final void send(byte[] message) {
        outbox.binary(message);
    }

    /** Ends the connection without another message. */
    protected final void endNow(int code, String reason) {
        outbox.closeNow(code, reason);
    }

    /** Ends the connection when everything has been sent. */
    protected final void endAfterSending(int code, String reason) {
        outbox.closeAfterSending(code, reason);
    }

    protected final Scheduler.Timer schedule(Duration delay, Runnable task) {
        return server.scheduler().schedule(delay, task);
    }

    /** What this client may ask for; this is the link. */
    protected final PeerRequests requests() {
        return server.rooms();
    }

    /** Asks for a place in a room; thrown when it is refused at once. */
    protected final void join(JoinWish wish, Reply reply) {
        server.joins().count(caller());
        joinCounted(wish, reply);
    }

    /** The same of somebody who has been counted. */
    final void joinCounted(JoinWish wish, Reply reply) {
        server.joins().join(this, visitor, wish, reply);
        if (closed.get()) { // By another thread meanwhile, whose leave was too early.
            server.rooms().leave(this);
        }
    }

    /**
     * Somebody has shown who he is, before he has asked for anything. False: he has too many connections, and this one is being closed.
     * Thread: the reading one.
     */
    protected final boolean identified(Visitor shown) {
        Optional<String> overLimit = server.recount(this, shown);
        if (overLimit.isPresent()) {
            outbox.closeNow(SignalServer.TRY_AGAIN_LATER, overLimit.get());
            return false;
        }
        share = server.quotas().messages(shown.caller());
        known.follow(shown);
        return true;
    }

    /** To be called by the server, which counts. */
    void visitor(Visitor shown) {
        visitor = shown;
    }

    /** Who is here. */
    Caller caller() {
        return visitor.caller();
    }

    /** Not waiting for the client to answer the close: who is not known any more has no media either. */
    private void standingOver(CloseCause cause) {
        close(cause);
        closed();
    }

    /**
     * The ping interval, or up to a sixth less: the ticks of many sockets fall together, and so do the pongs. Waking
     * threads for a single ping costs several times the ping.
     */
    private Duration untilNextTick() {
        long interval = server.limits().pingInterval().toNanos();
        long slot = Math.max(interval / 6, 1);
        long now = server.scheduler().nanoTime();
        return Duration.ofNanos(Math.floorDiv(now + interval, slot) * slot - now);
    }

    /** The longest message now. */
    protected final int maxMessageLength() {
        return server.rooms().isJoined(this)
                ? server.limits().maxJoinedFrameChars()
                : server.limits().maxFrameChars();
    }

    /** Whether a message that has come is within the budget; if not, that was the last one. */
    protected final boolean mayCost(int length) {
        return charge(1 + length / CHARS_PER_TOKEN);
    }

    /** The same once more for a message that has a description of the client's answered, which is the most work. */
    protected final boolean mayNegotiate() {
        return charge(NEGOTIATION_TOKENS);
    }

    private boolean charge(int tokens) {
        if (!bucket.tryTake(tokens, server.scheduler().nanoTime())) {
            outbox.closeNow(POLICY_VIOLATION, "too many messages");
            return false;
        }
        if (!share.test(tokens)) {
            outbox.closeNow(
                    POLICY_VIOLATION,
                    "too many messages from " + (caller().isAnonymous() ? "your address" : "you")
                            + ", try again later");
            return false;
        }
        return true;
    }

    /** Something has come. False: it is not to be looked at. */
    protected final boolean takesMore() {
        if (isOver()) {
            refuseMore();
            return false;
        }
        heard();
        return true;
    }

    /** Any sign of life, pongs included; none counts of who is to go. */
    public void heard() {
        if (isOver()) {
            refuseMore();
            return;
        }
        lastHeardNanos = server.scheduler().nanoTime();
    }

    /** Nothing that still comes is looked at: a client may leave the close without an answer, and go on. */
    protected final boolean isOver() {
        return closed.get() || outbox.isClosed();
    }

    /**
     * Somebody goes on who has been told that it is over. Every container takes a failing handler for an error, and Tomcat and Jetty
     * end the connection with it, where they would read for half a minute. What was on its way when we closed must not do that: cut off
     * with something unread, a client may never see why.
     */
    private void refuseMore() {
        if (outbox.isCloseSent() && afterClose.incrementAndGet() > ON_THEIR_WAY) {
            throw new SocketOverException();
        }
    }

    /** The connection has been closed by whichever side. */
    public void closed() {
        if (closed.compareAndSet(false, true)) {
            Scheduler.Timer running = timer;
            if (running != null) {
                running.cancel();
            }
            known.close();
            server.forget(this);
            server.rooms().leave(this);
        }
    }

    /** The container reports an error, ours or the network's. */
    public void failed() {
        if (!isOver()) {
            outbox.closeNow(INTERNAL_ERROR, "internal error");
        }
        closed();
    }

    private void tick() {
        if (closed.get()) {
            return;
        }
        long now = server.scheduler().nanoTime();
        if (server.rooms().isJoined(this)) {
            notJoinedSinceNanos = now;
        }
        if (now - lastHeardNanos > server.limits().silenceTimeout().toNanos()) {
            giveUp("the client has not been heard of");
            return;
        }
        if (now - notJoinedSinceNanos > server.limits().joinTimeout().toNanos()) {
            giveUp("no room was joined");
            return;
        }
        outbox.ping();
        timer = server.scheduler().schedule(untilNextTick(), this::tick);
    }

    /** Frees everything at once: a half-open socket may take the container minutes to report as closed. */
    private void giveUp(String reason) {
        outbox.closeNow(POLICY_VIOLATION, reason);
        closed();
    }
}
