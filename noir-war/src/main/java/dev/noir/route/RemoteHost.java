package dev.noir.route;

import dev.noir.access.PlainText;
import dev.noir.bus.Envelope;
import dev.noir.bus.Envelope.Kind;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.Notification;
import dev.noir.room.Reply;
import dev.noir.room.ResumeRequest;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A place in a room of another node, reached over the bus. Thread: the route's task, but for the constants. */
final class RemoteHost implements RoomHost {
    private static final Logger LOG = System.getLogger(RemoteHost.class.getName());

    /** A request and the end of waiting for its outcome. */
    private record Pending(Kind kind, String payload, Reply reply, Scheduler.Timer deadline) {
        /** Tells whoever waits; what was asked says what the answer is. */
        void answered(String answer) {
            if (kind == Kind.MODERATE) {
                try {
                    reply.result(RoutePayloads.result(payload, answer));
                } catch (RoutePayloads.BadPayload e) {
                    reply.error(unreachable()); // A node of another version.
                }
            } else if (answer.isEmpty()) {
                reply.done();
            } else {
                reply.answer(answer);
            }
        }
    }

    // Given.
    private final RouteContext context;
    private final Route route;
    private final RoutedPeers peers;
    private final RoomId room;
    private final String node;
    private final String peer;

    // State.
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private long lastRequest;
    private long epoch;

    /** @param peer an id that was never used before: what arrives late for another place must not be taken for this one's */
    RemoteHost(RouteContext context, Route route, RoutedPeers peers, RoomId room, String node, String peer) {
        this.context = context;
        this.route = route;
        this.peers = peers;
        this.room = room;
        this.node = node;
        this.peer = peer;
    }

    @Override
    public String node() {
        return node;
    }

    /** Thread: any. */
    String peer() {
        return peer;
    }

    /** Thread: any. */
    Route route() {
        return route;
    }

    @Override
    public void join(JoinRequest request, Reply reply) {
        enter(Kind.JOIN, RoutePayloads.join(request), reply);
    }

    @Override
    public void resume(ResumeRequest request, Reply reply) {
        enter(Kind.RESUME, RoutePayloads.resume(request), reply);
    }

    @Override
    public void offer(String sdp, Reply reply) {
        ask(Kind.OFFER, sdp, reply);
    }

    @Override
    public void answer(String sdp, Reply reply) {
        ask(Kind.ANSWER, sdp, reply);
    }

    @Override
    public void moderate(ModerationCommand command, Reply reply) {
        ask(Kind.MODERATE, RoutePayloads.command(command), reply);
    }

    private void enter(Kind kind, String payload, Reply reply) {
        long request = ++lastRequest;
        long nowNanos = context.scheduler().nanoTime();
        boolean sent = peers.enter(this, nowNanos, () -> isConnected() && send(kind, request, payload));
        asked(sent, request, kind, payload, reply);
    }

    private void ask(Kind kind, String payload, Reply reply) {
        long request = ++lastRequest;
        asked(isConnected() && send(kind, request, payload), request, kind, payload, reply);
    }

    private boolean isConnected() {
        return context.registry().isConnected();
    }

    private void asked(boolean sent, long request, Kind kind, String payload, Reply reply) {
        if (!sent) {
            context.counters().busFailures.increment();
            reply.error(unreachable());
            return;
        }
        Scheduler.Timer deadline = context.scheduler()
                .schedule(context.limits().requestDeadline(), () -> route.post(() -> overdue(request)));
        pending.put(request, new Pending(kind, payload, reply, deadline));
    }

    private boolean send(Kind kind, long request, String payload) {
        return context.bus()
                .send(new Envelope(context.self(), node, kind, room.value(), peer, epoch, request, payload));
    }

    private static RoomException unreachable() {
        return new RoomException(
                RoomException.Code.UNAVAILABLE, "the server that hosts the room cannot be reached at the moment");
    }

    private void overdue(long request) {
        Pending asked = pending.remove(request);
        if (asked != null) {
            context.counters().busFailures.increment();
            asked.reply.error(unreachable());
        }
    }

    @Override
    public void failRequests() {
        takeAll().forEach(asked -> asked.reply.error(unreachable()));
    }

    @Override
    public List<PublisherOffer> takeOffers() {
        List<PublisherOffer> offers = new ArrayList<>();
        for (Pending asked : takeAll()) {
            if (asked.kind == Kind.OFFER) {
                offers.add(new PublisherOffer(asked.payload, asked.reply));
            } else {
                asked.reply.error(unreachable());
            }
        }
        return offers;
    }

    private List<Pending> takeAll() {
        List<Pending> all = List.copyOf(pending.values());
        pending.clear();
        all.forEach(asked -> asked.deadline.cancel());
        return all;
    }

    /** What a later version tells its clients, those of this one do not know. */
    private void notified(String payload) {
        Notification notification;
        try {
            notification = RoutePayloads.notification(payload);
        } catch (RoutePayloads.BadPayload e) {
            LOG.log(Level.DEBUG, () -> PlainText.of(route + ": " + e.getMessage()));
            return;
        }
        route.notified(this, notification);
    }

    /** What the host has to say, in its order. */
    void received(Envelope envelope) {
        // The first word of a host tells its epoch. An older one later on is from before it lost the room and got it
        // back.
        if (envelope.epoch() < epoch) {
            return;
        }
        epoch = envelope.epoch();
        String payload = envelope.payload();
        switch (envelope.kind()) {
            case REPLY -> settle(envelope.request(), asked -> asked.answered(payload));
            case ERROR -> {
                RoomException error = RoutePayloads.error(payload);
                settle(envelope.request(), asked -> asked.reply.error(error));
            }
            case MOVED -> {
                if (envelope.request() == 0) {
                    route.moved(this);
                } else {
                    settle(envelope.request(), asked -> asked.reply.error(RoomException.moved(payload)));
                }
            }
            case SERVER_OFFER -> route.offered(this, payload);
            case SERVER_TRICKLE ->
                route.trickled(this, RoutePayloads.trickleRole(payload), RoutePayloads.trickleCandidate(payload));
            case NOTIFY -> notified(payload);
            case CLOSE -> route.closed(this, RoutePayloads.close(payload));
            case LEFT -> route.left(this);
            default -> throw new IllegalArgumentException(envelope.kind() + " is not for who signals");
        }
    }

    private void settle(long request, Consumer<Pending> outcome) {
        Pending asked = pending.remove(request);
        if (asked != null) {
            asked.deadline.cancel();
            outcome.accept(asked);
        }
    }

    /** If it does not get through, the host learns it with the next list of attached peers. */
    @Override
    public void leave() {
        if (!send(Kind.LEAVE, 0, "")) {
            context.counters().busFailures.increment();
        }
        forget();
    }

    @Override
    public void forget() {
        peers.remove(this);
        failRequests();
    }
}
