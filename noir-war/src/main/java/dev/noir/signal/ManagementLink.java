package dev.noir.signal;

import dev.noir.access.Standing;
import dev.noir.room.CloseCause;
import dev.noir.room.Scheduler;
import dev.noir.room.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One administrator's socket. What he does wrong is answered, and the socket goes on; who floods it is closed.
 *
 * <p>Thread: {@code received} the container's reading thread of this socket; the rest any.
 */
final class ManagementLink implements SocketReader {
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
    private final Management.Talk talk;

    // Owned by the reading thread.
    private TextAssembler assembler = new TextAssembler();
    private final TokenBucket bucket;

    // Written by the reading thread, read by the timer: a late read only delays a ping's verdict.
    private volatile long lastHeardNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Scheduler.@Nullable Timer timer;
    private volatile Standing.@Nullable Watch watch; // Set once, by start.

    ManagementLink(ManagementSockets sockets, Outbox outbox, Management.Talk talk) {
        this.sockets = sockets;
        this.outbox = outbox;
        this.talk = talk;
        this.lastHeardNanos = sockets.scheduler().nanoTime();
        this.bucket = new TokenBucket(BURST, PARTS_PER_SECOND, lastHeardNanos);
    }

    void start() {
        timer = sockets.scheduler().schedule(PING_INTERVAL, this::tick);
        Standing.Watch watching = talk.visitor().standing().whenOver(this::standingOver);
        watch = watching;
        if (closed.get()) { // It was over at once.
            watching.close();
        }
    }

    private void standingOver(Standing.End end) {
        CloseCause cause =
                switch (end) {
                    case SESSION_OVER -> CloseCause.SESSION_OVER;
                    case TOKEN_EXPIRED -> CloseCause.TOKEN_EXPIRED;
                };
        outbox.closeAfterSending(cause.code(), cause.reason());
        closed();
    }

    void goAway() {
        outbox.closeAfterSending(CloseCause.GOING_AWAY.code(), CloseCause.GOING_AWAY.reason());
    }

    @Override
    public void received(String part, boolean last) {
        if (closed.get() || outbox.isClosed()) {
            return;
        }
        heard();
        if (!bucket.tryTake(sockets.scheduler().nanoTime())) {
            outbox.closeNow(ClientSession.POLICY_VIOLATION, "too many messages");
            return;
        }
        Optional<String> message = assembler.add(part, last, talk.maxChars());
        if (assembler.overflowed()) {
            if (last) {
                assembler = new TextAssembler();
                outbox.text(talk.tooLarge());
            }
            return;
        }
        message.ifPresent(this::handle);
    }

    private void handle(String message) {
        if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
            underWay.decrementAndGet();
            outbox.closeNow(ClientSession.POLICY_VIOLATION, "too many commands are under way");
            return;
        }
        CompletionStage<?> unused = talk.answer(message).whenComplete((answer, failure) -> {
            underWay.decrementAndGet();
            if (failure == null) {
                answer.ifPresent(outbox::text);
            }
        });
    }

    @Override
    public void receivedBinary(byte[] part, boolean last) {
        outbox.closeNow(ClientLink.UNSUPPORTED_DATA, "text frames only");
    }

    @Override
    public void heard() {
        lastHeardNanos = sockets.scheduler().nanoTime();
    }

    @Override
    public void closed() {
        if (closed.compareAndSet(false, true)) {
            Scheduler.Timer running = timer;
            if (running != null) {
                running.cancel();
            }
            Standing.Watch watching = watch;
            if (watching != null) {
                watching.close();
            }
            sockets.forget(this);
        }
    }

    @Override
    public void failed() {
        outbox.closeNow(ClientSession.INTERNAL_ERROR, "internal error");
        closed();
    }

    private void tick() {
        if (closed.get()) {
            return;
        }
        if (sockets.scheduler().nanoTime() - lastHeardNanos > SILENCE_TIMEOUT.toNanos()) {
            outbox.closeNow(ClientSession.POLICY_VIOLATION, "the client has not been heard of");
            closed();
            return;
        }
        outbox.ping();
        timer = sockets.scheduler().schedule(PING_INTERVAL, this::tick);
    }
}
