package dev.noir.route;

import dev.noir.access.Caller;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeInfo;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.RoomCounts;
import dev.noir.room.RoomDescription;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.Rooms;
import dev.noir.room.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All rooms of the cluster for other parts of the server: asks whoever hosts one, and follows when it has moved. Thread: any. */
final class ClusterRooms implements Rooms {
    /** Something that somebody wants of a room. */
    private record Wish(
            Caller actor, RoomId room, ModerationCommand command, CompletableFuture<ModerationResult> result) {
        void fail(RoomException why) {
            result.completeExceptionally(why);
        }
    }

    private record Pending(String node, Wish wish, int redirects, Scheduler.Timer deadline) {}

    // Given.
    private final RouteContext context;

    // Owned.
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong lastRequest = new AtomicLong();

    ClusterRooms(RouteContext context) {
        this.context = context;
    }

    @Override
    public List<RoomCounts> here() {
        return context.rooms().counts();
    }

    @Override
    public List<RoomDescription> described() {
        return context.rooms().descriptions();
    }

    @Override
    public CompletionStage<ModerationResult> moderate(Caller actor, RoomId room, ModerationCommand command) {
        Wish wish = new Wish(actor, room, command, new CompletableFuture<>());
        context.threads().execute(() -> seek(wish, 0));
        return wish.result.minimalCompletionStage();
    }

    private void seek(Wish wish, int redirects) {
        try {
            if (context.rooms().hosts(wish.room)) {
                context.rooms().moderate(wish.room, wish.actor, wish.command, new Local(wish, redirects));
                return;
            }
            Optional<RoomLease> lease = context.directory().find(wish.room);
            if (lease.isEmpty() && wish.command.opens() && mayHost()) {
                context.rooms().moderateInPassing(wish.room, wish.actor, wish.command, new Local(wish, redirects));
            } else if (lease.isEmpty()) {
                wish.fail(new RoomException(Code.NO_SUCH_PEER, "there is no such room"));
            } else {
                ask(lease.get().node(), wish, redirects);
            }
        } catch (RoomException e) {
            failed(wish, redirects, e);
        } catch (RuntimeException e) {
            wish.result.completeExceptionally(e);
        }
    }

    private boolean mayHost() {
        return context.registry().self().services().contains(NodeInfo.SFU);
    }

    private void ask(String node, Wish wish, int redirects) {
        long request = lastRequest.incrementAndGet();
        Scheduler.Timer deadline =
                context.scheduler().schedule(context.limits().requestDeadline(), () -> overdue(request));
        pending.put(request, new Pending(node, wish, redirects, deadline));
        String payload = RoutePayloads.command(wish.actor, wish.command);
        Envelope envelope =
                new Envelope(context.self(), node, Envelope.Kind.MODERATE, wish.room.value(), "", 0, request, payload);
        if (!context.registry().isConnected() || !context.bus().send(envelope)) {
            overdue(request);
        }
    }

    private void overdue(long request) {
        Pending asked = pending.remove(request);
        if (asked != null) {
            asked.deadline.cancel();
            context.counters().busFailures.increment();
            asked.wish.fail(new RoomException(
                    Code.UNAVAILABLE, "the server that hosts the room cannot be reached at the moment"));
        }
    }

    /** It will not answer any more. Whether it has done what was asked of it, nobody knows. */
    void nodeGone(String node) {
        pending.forEach((request, asked) -> {
            if (asked.node.equals(node) && pending.remove(request, asked)) {
                asked.deadline.cancel();
                asked.wish.fail(new RoomException(Code.UNAVAILABLE, "the server that hosted the room has gone"));
            }
        });
    }

    /** Another node has answered. Thread: the bus's. */
    void received(Envelope envelope) {
        Pending asked = pending.get(envelope.request());
        if (asked == null || !asked.node.equals(envelope.from()) || !pending.remove(envelope.request(), asked)) {
            return;
        }
        asked.deadline.cancel();
        switch (envelope.kind()) {
            case REPLY -> {
                try {
                    String question = RoutePayloads.command(asked.wish.command);
                    asked.wish.result.complete(RoutePayloads.result(question, envelope.payload()));
                } catch (RoutePayloads.BadPayload e) {
                    asked.wish.fail(new RoomException(Code.UNAVAILABLE, "the answer cannot be read", e));
                }
            }
            case MOVED -> failed(asked.wish, asked.redirects, RoomException.moved(envelope.payload()));
            default -> asked.wish.fail(RoutePayloads.error(envelope.payload()));
        }
    }

    /** It may just have moved. */
    private void failed(Wish wish, int redirects, RoomException why) {
        if (why.code() != Code.MOVED) {
            wish.fail(why);
        } else if (redirects < context.limits().maxRedirects()) {
            context.scheduler().schedule(context.limits().retryDelay(), () -> context.threads()
                    .execute(() -> seek(wish, redirects + 1)));
        } else {
            wish.fail(new RoomException(Code.UNAVAILABLE, "the room is moving to another server, try again"));
        }
    }

    /** The outcome in a room of this node. Thread: the room's. */
    private final class Local implements ApiReply {
        private final Wish wish;
        private final int redirects;

        Local(Wish wish, int redirects) {
            this.wish = wish;
            this.redirects = redirects;
        }

        @Override
        public void result(ModerationResult result) {
            wish.result.complete(result);
        }

        @Override
        public void error(RoomException error) {
            failed(wish, redirects, error);
        }
    }
}
