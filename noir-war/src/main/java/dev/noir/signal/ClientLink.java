package dev.noir.signal;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.protocol.JsonRpcRequest;
import dev.noir.protocol.NotificationJson;
import dev.noir.room.CloseCause;
import dev.noir.room.LocalCandidate;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.Scheduler;
import dev.noir.room.TokenBucket;
import dev.noir.room.TransportRole;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket, between its frames and the core.
 *
 * <p>Thread: {@code received} the container's reading thread of this socket; the rest any.
 */
final class ClientLink implements PeerLink {
    static final int POLICY_VIOLATION = 1008; // RFC 6455 §7.4.1, as are the next ones.
    static final int TOO_BIG = 1009;
    static final int UNSUPPORTED_DATA = 1003;
    static final int INTERNAL_ERROR = 1011;

    // What a message costs of the socket's budget, so that the work it makes is what counts: long ones more, and an
    // offer or a join, which is parsed, answered and offered to others, as much as seven. The offer of a page that
    // publishes all day has 30 000 characters: five of them a second can go on for ever. One as long as can be costs
    // 9 ms and 39 tokens.
    private static final int CHARS_PER_TOKEN = 8192;
    static final int ON_THEIR_WAY = 64; // Frames.
    private static final int NEGOTIATION_TOKENS = 6; // Besides the one for the message.

    // Given.
    private final SignalServer server;
    private final Outbox outbox;
    private final Visitor visitor;

    // Owned by the reading thread.
    private final TextAssembler assembler;
    private final TokenBucket bucket;
    private final IntPredicate share; // Of what the caller's sockets may say together.

    // Written by the reading thread, read by the timer: a late read only delays a ping's verdict.
    private final AtomicInteger afterClose = new AtomicInteger(); // Frames.
    private volatile long lastHeardNanos;
    private volatile long notJoinedSinceNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Scheduler.@Nullable Timer timer;
    private volatile Standing.@Nullable Watch watch; // Set once, by start.

    ClientLink(SignalServer server, Outbox outbox, Visitor visitor) {
        this.server = server;
        this.outbox = outbox;
        this.visitor = visitor;
        long now = server.scheduler().nanoTime();
        this.assembler = new TextAssembler();
        this.bucket = new TokenBucket(server.limits().burst(), server.limits().messagesPerSecond(), now);
        this.share = server.quotas().messages(visitor.caller());
        this.lastHeardNanos = now;
        this.notJoinedSinceNanos = now;
    }

    void start() {
        outbox.whenGivenUp(() -> server.rooms().leave(this));
        timer = server.scheduler().schedule(untilNextTick(), this::tick);
        Standing.Watch watching = visitor.standing().whenOver(this::standingOver);
        watch = watching;
        if (closed.get()) { // It was over at once.
            watching.close();
        }
    }

    /** Who is here. */
    Caller caller() {
        return visitor.caller();
    }

    /** The one that came with the handshake. */
    Password password() {
        return visitor.password();
    }

    /** Not waiting for the client to answer the close: who is not known any more has no media either. */
    private void standingOver(Standing.End end) {
        close(
                switch (end) {
                    case SESSION_OVER -> CloseCause.SESSION_OVER;
                    case TOKEN_EXPIRED -> CloseCause.TOKEN_EXPIRED;
                });
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

    /** A text frame or a part of one. */
    void received(String part, boolean last) {
        if (isOver()) {
            refuseMore();
            return;
        }
        heard();
        int maxChars = server.rooms().isJoined(this)
                ? server.limits().maxJoinedFrameChars()
                : server.limits().maxFrameChars();
        Optional<String> message = assembler.add(part, last, maxChars);
        if (assembler.overflowed()) {
            outbox.closeNow(TOO_BIG, "a message may have " + maxChars + " characters");
            return;
        }
        if (message.isEmpty()) {
            return;
        }
        if (charge(1 + message.get().length() / CHARS_PER_TOKEN)) {
            handle(message.get());
        }
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

    void receivedBinary() {
        if (isOver()) {
            refuseMore();
            return;
        }
        outbox.closeNow(UNSUPPORTED_DATA, "text frames only");
    }

    /** Any sign of life, pongs included; none counts of who is to go. */
    void heard() {
        if (isOver()) {
            refuseMore();
            return;
        }
        lastHeardNanos = server.scheduler().nanoTime();
    }

    /** Nothing that still comes is looked at: a client may leave the close without an answer, and go on. */
    private boolean isOver() {
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

    boolean isClosed() {
        return closed.get();
    }

    private void handle(String message) {
        try {
            JsonRpcRequest request = server.codec().parse(message);
            if (RequestDispatcher.negotiates(request.method()) && !charge(NEGOTIATION_TOKENS)) {
                return;
            }
            server.dispatcher().dispatch(request, this, new RpcReply(server.codec(), request.id(), outbox));
        } catch (JsonRpcException e) {
            outbox.text(server.codec().error(e.id(), e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** The socket has been closed by whichever side. */
    void closed() {
        if (closed.compareAndSet(false, true)) {
            Scheduler.Timer running = timer;
            if (running != null) {
                running.cancel();
            }
            Standing.Watch watching = watch;
            if (watching != null) {
                watching.close();
            }
            server.forget(this);
            server.rooms().leave(this);
        }
    }

    /** The container reports an error, ours or the network's. */
    void failed() {
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

    @Override
    public void offer(String sdp) {
        notify("offer", RpcReply.description("offer", sdp));
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        notify(
                "trickle",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("target", role.target())
                        .add(
                                "candidate",
                                JsonRpcCodec.JSON
                                        .createObjectBuilder()
                                        .add("candidate", candidate.candidate())
                                        .add("sdpMid", candidate.mid())
                                        .add("sdpMLineIndex", candidate.index())
                                        .add("usernameFragment", candidate.ufrag()))
                        .build());
    }

    @Override
    public void notify(Notification notification) {
        notify(NotificationJson.method(notification), NotificationJson.params(notification));
    }

    @Override
    public void close(CloseCause cause) {
        notify(
                "closed",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("code", cause.code())
                        .add("reason", cause.reason())
                        .build());
        outbox.closeAfterSending(cause.code(), cause.reason());
    }

    private void notify(String method, JsonValue params) {
        outbox.text(server.codec().notification(method, params));
    }
}
