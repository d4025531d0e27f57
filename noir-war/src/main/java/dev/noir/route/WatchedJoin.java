package dev.noir.route;

import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationResult;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import java.time.Duration;
import java.util.Optional;

/** The reply to a join, which tells the {@link RouteWatch} what came of it, and of take-overs later. Thread: the route's. */
final class WatchedJoin implements Reply {
    // Given.
    private final RouteContext context;
    private final JoinRequest request;
    private final Reply reply;
    private final RouteWatch.Join watch;

    // State.
    private final long askedNanos;
    private boolean forwarded;
    private long lostNanos;

    private WatchedJoin(RouteContext context, JoinRequest request, Reply reply, RouteWatch.Join watch) {
        this.context = context;
        this.request = request.withTrace(watch.trace());
        this.reply = reply;
        this.watch = watch;
        this.askedNanos = context.scheduler().nanoTime();
    }

    /** Of a client of this node. */
    static WatchedJoin ofClient(RouteContext context, JoinRequest request, Reply reply) {
        return new WatchedJoin(context, request, reply, context.counters().watch.joining(request));
    }

    /** Of a client of another node. */
    static WatchedJoin ofNode(RouteContext context, JoinRequest request, Reply reply) {
        return new WatchedJoin(context, request, reply, context.counters().watch.hosting(request));
    }

    /** What is to be asked. */
    JoinRequest request() {
        return request;
    }

    void asks(RoomHost host) {
        forwarded |= !host.node().equals(context.self());
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(context.scheduler().nanoTime() - nanos);
    }

    @Override
    public void answer(String sdp) {
        watch.ended(forwarded, Optional.empty(), since(askedNanos));
        reply.answer(sdp);
    }

    @Override
    public void error(RoomException error) {
        watch.ended(forwarded, Optional.of(error.code()), since(askedNanos));
        reply.error(error);
    }

    @Override
    public void done() {
        reply.done();
    }

    @Override
    public void result(ModerationResult result) {
        reply.result(result);
    }

    /** The room has lost its host. */
    void resuming() {
        lostNanos = context.scheduler().nanoTime();
    }

    /** It has another one. */
    void resumed() {
        context.counters().resumedPeers.increment();
        context.counters().watch.tookOver(request, true, since(lostNanos));
    }

    /** It has none, and the client is being closed. */
    void lost() {
        context.counters().lostPeers.increment();
        context.counters().watch.tookOver(request, false, since(lostNanos));
    }
}
