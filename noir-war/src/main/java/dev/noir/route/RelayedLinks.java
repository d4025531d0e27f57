package dev.noir.route;

import dev.noir.access.Caller;
import dev.noir.access.PlainText;
import dev.noir.bus.Envelope;
import dev.noir.bus.Envelope.Kind;
import dev.noir.room.Connections;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationResult;
import dev.noir.room.Reply;
import dev.noir.room.ResumeRequest;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The clients of other nodes that are in rooms of this one, and what those nodes ask for them. Thread: any. */
final class RelayedLinks {
    private static final Logger LOG = System.getLogger(RelayedLinks.class.getName());

    /** @param peer made by the signalling node, never used twice */
    record Key(String node, String peer) {}

    // Given.
    private final RouteContext context;

    // Owned.
    private final ConcurrentMap<Key, RelayedLink> links = new ConcurrentHashMap<>();

    RelayedLinks(RouteContext context) {
        this.context = context;
    }

    /** Thread: the bus's, one at a time, so that a peer's requests keep their order. */
    void received(Envelope envelope) {
        switch (envelope.kind()) {
            case JOIN -> enter(envelope, (link, reply) -> join(link, joining(envelope), reply));
            case RESUME -> enter(envelope, (link, reply) -> context.rooms().resume(link, resuming(envelope), reply));
            case OFFER -> request(envelope, (link, reply) -> context.rooms().offer(link, envelope.payload(), reply));
            case ANSWER -> request(envelope, (link, reply) -> context.rooms().answer(link, envelope.payload(), reply));
            case MODERATE -> moderate(envelope);
            case LEAVE -> leave(links.get(keyOf(envelope)));
            case ATTACHED -> compare(envelope.from(), RoutePayloads.attached(envelope.payload()));
            default -> throw new IllegalArgumentException(envelope.kind() + " is not for who hosts");
        }
    }

    private void join(RelayedLink link, JoinRequest request, Reply reply) {
        WatchedJoin watched = WatchedJoin.ofNode(context, request, reply);
        watched.ask(to -> context.rooms().join(link, watched.request(), to));
    }

    private JoinRequest joining(Envelope envelope) {
        JoinRequest request = RoutePayloads.join(envelope);
        if (request.config().connections() == Connections.INJECTED && !context.signed()) {
            throw new RoomException(
                    RoomException.Code.FORBIDDEN,
                    "another server may play files here only if all share noir.cluster.secret");
        }
        return request.by(believed(request.caller()));
    }

    private ResumeRequest resuming(Envelope envelope) {
        ResumeRequest request = RoutePayloads.resume(envelope);
        return request.by(believed(request.caller()));
    }

    /** Whoever can write to the store could make anybody a moderator, were there nothing to know nodes by. */
    private Caller believed(Caller told) {
        return context.signed() ? told : told.withoutRoles();
    }

    /** For a peer of that node, or for another part of that node: then without a peer, and with who it is for. */
    private void moderate(Envelope envelope) {
        if (!envelope.peer().isEmpty()) {
            request(envelope, (link, reply) -> context.rooms()
                    .moderate(link, RoutePayloads.command(envelope.payload()), reply));
            return;
        }
        ApiAnswer answer = new ApiAnswer(context, envelope);
        if (!context.signed()) {
            answer.error(new RoomException(
                    RoomException.Code.FORBIDDEN, "another server may do that only if all share noir.cluster.secret"));
            return;
        }
        try {
            context.rooms()
                    .moderate(
                            new RoomId(envelope.room()),
                            RoutePayloads.actor(envelope.payload()),
                            RoutePayloads.command(envelope.payload()),
                            answer);
        } catch (RoomException e) {
            answer.error(e);
        } catch (RoutePayloads.BadPayload e) {
            LOG.log(Level.WARNING, () -> "node " + PlainText.of(envelope.from() + ": " + e.getMessage()));
            answer.error(new RoomException(RoomException.Code.INVALID, "the request cannot be read"));
        }
    }

    private interface Request {
        void run(RelayedLink link, Reply reply);
    }

    private static Key keyOf(Envelope envelope) {
        return new Key(envelope.from(), envelope.peer());
    }

    /**
     * The node may be declared gone meanwhile, by another thread. So the link is listed first and the node looked for then:
     * either it is found gone here, or {@link #nodeGone}, which comes after that, finds the link.
     */
    private void enter(Envelope envelope, Request entry) {
        RelayedLink link = new RelayedLink(this, context, keyOf(envelope), new RoomId(envelope.room()));
        if (links.putIfAbsent(link.key(), link) != null) {
            return;
        }
        if (context.registry().find(envelope.from()).isEmpty()) {
            remove(link); // It has died since: nobody would ever take its peer out again.
            return;
        }
        run(entry, link, new Answer(link, envelope.request(), true));
        if (links.get(link.key()) != link) {
            // Taken out before it was in: what that said to the room came too early.
            context.rooms().leave(link);
        }
    }

    private void request(Envelope envelope, Request request) {
        RelayedLink link = links.get(keyOf(envelope));
        if (link == null) {
            unknown(envelope.from(), envelope.room(), envelope.peer());
        } else {
            run(request, link, new Answer(link, envelope.request(), false));
        }
    }

    private static void run(Request request, RelayedLink link, Answer answer) {
        try {
            request.run(link, answer);
        } catch (RoomException e) {
            answer.error(e);
        } catch (RoutePayloads.BadPayload e) {
            LOG.log(Level.WARNING, () -> PlainText.of(link + ": " + e.getMessage()));
            answer.error(new RoomException(RoomException.Code.INVALID, "the request cannot be read"));
        }
    }

    /** The outcome on its way back. Thread: any. */
    private final class Answer implements Reply {
        private final RelayedLink link;
        private final long request;
        private final boolean entering;

        Answer(RelayedLink link, long request, boolean entering) {
            this.link = link;
            this.request = request;
            this.entering = entering;
        }

        @Override
        public void answer(String sdp) {
            succeeded(sdp);
        }

        @Override
        public void done() {
            succeeded("");
        }

        @Override
        public void result(ModerationResult result) {
            link.send(Kind.REPLY, request, RoutePayloads.result(result));
        }

        private void succeeded(String payload) {
            if (entering) {
                context.rooms().lease(link.room()).map(RoomLease::epoch).ifPresent(link::joined);
            }
            link.send(Kind.REPLY, request, payload);
        }

        @Override
        public void error(RoomException error) {
            if (entering) {
                remove(link);
            }
            if (error.code() == RoomException.Code.MOVED) {
                link.send(Kind.MOVED, request, error.node());
            } else {
                link.send(Kind.ERROR, request, RoutePayloads.error(error));
            }
        }
    }

    /** The node believes that a peer of its is here: let it bring that peer back. */
    private void unknown(String node, String room, String peer) {
        Envelope moved = new Envelope(context.self(), node, Kind.MOVED, room, peer, Long.MAX_VALUE, 0, "");
        if (!context.bus().send(moved)) {
            context.counters().busFailures.increment();
        }
    }

    /** What one of us has missed, because a message was lost, is put right. */
    private void compare(String node, Set<String> attached) {
        for (RelayedLink link : ofNode(node)) {
            if (!attached.contains(link.key().peer())) {
                LOG.log(Level.INFO, () -> link + ": the node has no such peer any more");
                leave(link);
            }
        }
        for (String peer : attached) {
            if (!links.containsKey(new Key(node, peer))) {
                unknown(node, "", peer);
            }
        }
    }

    private List<RelayedLink> ofNode(String node) {
        return links.values().stream()
                .filter(link -> link.key().node().equals(node))
                .toList();
    }

    private void leave(@Nullable RelayedLink link) {
        if (link != null) {
            remove(link);
            context.rooms().leave(link);
        }
    }

    void remove(RelayedLink link) {
        links.remove(link.key(), link);
    }

    void nodeGone(String node) {
        List<RelayedLink> gone = ofNode(node);
        if (!gone.isEmpty()) {
            LOG.log(Level.WARNING, "Node {0} is gone, and with it {1} peers of rooms here", node, gone.size());
            gone.forEach(this::leave);
        }
    }

    /** For those that came in while their node was being declared dead. */
    void sweep() {
        for (RelayedLink link : links.values()) {
            if (context.registry().find(link.key().node()).isEmpty()) {
                leave(link);
            }
        }
    }

    int size() {
        return links.size();
    }
}
