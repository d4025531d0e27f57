package dev.noir.route;

import dev.noir.access.Passwords;
import dev.noir.access.PlainText;
import dev.noir.room.CloseCause;
import dev.noir.room.JoinRequest;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomLease;
import dev.noir.room.Scheduler;
import dev.noir.room.SerialExecutor;
import dev.noir.room.TransportRole;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one client of this node to the room it has joined, wherever that is hosted; an actor. It finds the host or has
 * one chosen, follows it when the room moves, and brings the peer to the next one when it dies.
 *
 * <pre>
 *            found a host      moved elsewhere    host gone    refused, too late    leave, left, closed
 * JOINING    JOINED            JOINING            JOINING      ENDED, told why      ENDED
 * JOINED     -                 RESUMING           RESUMING     -                    ENDED
 * RESUMING   JOINED            RESUMING           RESUMING     ENDED, closed        ENDED
 * </pre>
 *
 * <p>Thread: {@code post} and {@code client} any; everything else as a task of this route.
 */
final class Route {
    private static final Logger LOG = System.getLogger(Route.class.getName());

    private enum State {
        JOINING,
        JOINED,
        RESUMING,
        ENDED
    }

    // Given.
    private final RouteContext context;
    private final RoutedRooms routes;
    private final PeerLink client;
    private final WatchedJoin joinReply;

    // Owned.
    private final SerialExecutor tasks;
    // Requests that came while there was no host to send them to; bounded by RequestBudget.
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    // State. Once joined, the request is kept without its offer, which may be long and is not needed again.
    private JoinRequest request;
    private State state = State.JOINING;
    private @Nullable RoomHost host;
    private final Set<String> refusedBy = new HashSet<>();
    private @Nullable RoomException lastRefusal; // By who could not take the room at that moment.
    private int redirects;
    private Scheduler.@Nullable Timer deadline;
    private Scheduler.@Nullable Timer retry;

    // Kept for as long as another node hosts the room.
    private final ClientConnections connections = new ClientConnections();

    Route(RouteContext context, RoutedRooms routes, PeerLink client, WatchedJoin join) {
        this.context = context;
        this.routes = routes;
        this.client = client;
        this.request = join.request();
        this.joinReply = join;
        this.tasks = new SerialExecutor("route " + request.room() + "/" + request.peer(), context.threads());
    }

    void post(Runnable task) {
        tasks.execute(task);
    }

    PeerLink client() {
        return client;
    }

    void start() {
        if (state != State.JOINING) {
            return; // The client has gone before its turn came.
        }
        awaitHost(context.limits().joinDeadline());
        if (request.password().isGiven()) {
            context.passwords().check(this, request.caller(), request.room(), request.peer(), request.password());
        } else {
            seek();
        }
    }

    /** What the client's password opens has been found out. */
    void passwordChecked(Passwords.Result result) {
        if (state != State.JOINING) {
            return;
        }
        if (result.outcome() == Passwords.Outcome.TOO_MANY) {
            end();
            joinReply.error(Refusals.tooMany());
        } else {
            // A wrong one opens nothing, which is no reason to stop: who is banned hears that, who moderates comes in.
            request = request.withPasses(result.passes());
            seek();
        }
    }

    private void awaitHost(Duration limit) {
        deadline = context.scheduler().schedule(limit, () -> post(this::tooLate));
    }

    /** Asks whoever has the room, or else somebody who could. */
    private void seek() {
        if (state != State.JOINING && state != State.RESUMING) {
            return;
        }
        try {
            attempt(target());
        } catch (RoomException e) {
            refused("", e);
        }
    }

    private String target() {
        if (context.rooms().hosts(request.room())) {
            return context.self();
        }
        if (!context.registry().isConnected()) {
            throw new RoomException(Code.UNAVAILABLE, "rooms of other servers cannot be reached at the moment");
        }
        Optional<RoomLease> lease = context.directory().find(request.room());
        if (lease.isPresent()
                && isAlive(lease.get().node())
                && !refusedBy.contains(lease.get().node())) {
            return lease.get().node();
        }
        return context.placement().choose(refusedBy);
    }

    private boolean isAlive(String node) {
        return node.equals(context.self()) || context.registry().find(node).isPresent();
    }

    private void attempt(String node) {
        forgetHost();
        RoomHost next = node.equals(context.self())
                ? new LocalHost(node, context.rooms(), this)
                : routes.remoteHost(this, request.room(), node);
        host = next;
        joinReply.asks(next);
        cancel(retry);
        retry = context.scheduler().schedule(context.limits().attemptTimeout(), () -> post(() -> unanswered(next)));
        if (state == State.JOINING) {
            next.join(request, new Outcome(next));
        } else {
            next.resume(connections.resumption(request), new Outcome(next));
        }
    }

    /** The message may have been lost, or the node be so new that the other has not heard of it. */
    private void unanswered(RoomHost asked) {
        if (isHost(asked) && state != State.JOINED) {
            leaveHost();
            seek();
        }
    }

    /** Of asking a host for a place. */
    private final class Outcome implements Reply {
        private final RoomHost asked;

        Outcome(RoomHost asked) {
            this.asked = asked;
        }

        @Override
        public void answer(String sdp) {
            if (isHost(asked) && state == State.JOINING) {
                settled();
                joinReply.answer(sdp);
                sendWaiting();
            }
        }

        @Override
        public void done() {
            if (isHost(asked) && state == State.RESUMING) {
                LOG.log(Level.DEBUG, () -> Route.this + ": goes on at node " + asked.node());
                joinReply.resumed();
                settled();
                sendWaiting();
            }
        }

        @Override
        public void result(ModerationResult result) {
            throw new IllegalStateException("a place in a room is no " + result);
        }

        @Override
        public void error(RoomException error) {
            if (!isHost(asked)) {
                return;
            }
            forgetHost();
            if (error.code() == Code.MOVED) {
                redirected(asked.node(), error.node());
            } else {
                refused(asked.node(), error);
            }
        }
    }

    private void settled() {
        state = State.JOINED;
        request = request.withoutOffer();
        redirects = 0;
        refusedBy.clear();
        lastRefusal = null;
        cancelTimers();
    }

    private void sendWaiting() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    /** @param to who has the room; empty: the node asked does not take it */
    private void redirected(String from, String to) {
        if (to.isEmpty()) {
            refusedBy.add(from);
        }
        boolean worthAsking = !to.isEmpty() && isAlive(to) && !refusedBy.contains(to);
        if (worthAsking && redirects < context.limits().maxRedirects()) {
            redirects++;
            attempt(to);
        } else {
            // Nobody yet: a lease has to run out, or the one who claims it is not done.
            retryAfter(context.limits().retryDelay());
        }
    }

    private void retryAfter(Duration pause) {
        redirects = 0;
        cancel(retry);
        retry = context.scheduler().schedule(pause, () -> post(this::seek));
    }

    /** @param by the node that was asked; empty: nobody could be */
    private void refused(String by, RoomException error) {
        boolean forNow = error.code() == Code.UNAVAILABLE;
        if (forNow && !by.isEmpty()) {
            refusedBy.add(by);
        }
        if (forNow && (state == State.RESUMING || context.registry().isConnected())) {
            // It is stopping or just starting, has died a moment ago, or waits for other hosts after its own pause:
            // it or another can take the room soon. The deadline ends that.
            lastRefusal = error;
            retryAfter(context.limits().refusalDelay(context.placement().hasOthers(refusedBy)));
        } else if (state == State.JOINING) {
            end();
            joinReply.error(Refusals.told(error, request.password()));
        } else {
            LOG.log(Level.INFO, () -> this + ": cannot go on: " + PlainText.of(String.valueOf(error.getMessage())));
            closeClient(Refusals.causeOf(error));
        }
    }

    private void tooLate() {
        if (state == State.JOINING) {
            leaveHost();
            end();
            joinReply.error(
                    lastRefusal == null
                            ? new RoomException(Code.UNAVAILABLE, "no server could take the room in time")
                            : lastRefusal);
        } else if (state == State.RESUMING && !context.registry().isConnected()) {
            awaitHost(context.limits().resumeDeadline()); // Nobody can claim the room now; media may go on meanwhile.
        } else if (state == State.RESUMING) {
            LOG.log(Level.WARNING, () -> this + ": no server has taken the room over");
            leaveHost();
            closeClient(CloseCause.ROOM_LOST);
        }
    }

    private void closeClient(CloseCause cause) {
        joinReply.lost();
        end();
        client.close(cause);
    }

    /** A publisher offer of the client's. */
    void offer(String sdp, Reply reply) {
        switch (state) {
            case JOINED -> joinedHost().offer(sdp, reply);
            case JOINING, RESUMING -> waiting.add(() -> offer(sdp, reply));
            case ENDED -> reply.error(RoomException.notJoined());
        }
    }

    /** The client's subscriber answer. */
    void answer(String sdp, Reply reply) {
        switch (state) {
            case JOINED -> {
                RoomHost at = joinedHost();
                if (!at.node().equals(context.self())) {
                    connections.answered(sdp);
                }
                at.answer(sdp, reply);
            }
            case JOINING -> waiting.add(() -> answer(sdp, reply));
            // It answers the old host; the next one asks anew.
            case RESUMING -> reply.done();
            case ENDED -> reply.error(RoomException.notJoined());
        }
    }

    /** The client wants something that needs the grant to moderate. */
    void moderate(ModerationCommand command, Reply reply) {
        switch (state) {
            case JOINED -> joinedHost().moderate(command, reply);
            case JOINING, RESUMING -> waiting.add(() -> moderate(command, reply));
            case ENDED -> reply.error(RoomException.notJoined());
        }
    }

    private RoomHost joinedHost() {
        if (host == null) {
            throw new IllegalStateException(this + ": joined, but nowhere");
        }
        return host;
    }

    /** The host offers the subscriber connection. */
    void offered(RoomHost from, String sdp) {
        if (isHost(from)) {
            if (!from.node().equals(context.self())) {
                connections.offered(sdp);
            }
            client.offer(sdp);
        }
    }

    void trickled(RoomHost from, TransportRole role, LocalCandidate candidate) {
        if (isHost(from)) {
            client.trickle(role, candidate);
        }
    }

    void notified(RoomHost from, Notification notification) {
        if (!isHost(from)) {
            return;
        }
        if (notification instanceof Notification.EncodingLearned learned) {
            connections.learned(learned.encoding());
        } else {
            client.notify(notification);
        }
    }

    /** The host has closed the peer. */
    void closed(RoomHost from, CloseCause cause) {
        if (isHost(from)) {
            forgetHost();
            end();
            client.close(cause);
        }
    }

    /** The peer has left by closing its connections; the client may join again. */
    void left(RoomHost from) {
        if (isHost(from)) {
            forgetHost();
            end();
            client.left();
        }
    }

    /** The host has given the room away, or does not know the peer. */
    void moved(RoomHost from) {
        if (!isHost(from)) {
            return;
        }
        switch (state) {
            case JOINED -> resume(from);
            case JOINING, RESUMING -> {
                forgetHost();
                redirected(from.node(), "");
            }
            case ENDED -> {}
        }
    }

    /** The node has died. */
    void hostGone(RoomHost gone) {
        if (!isHost(gone)) {
            return;
        }
        switch (state) {
            case JOINED -> resume(gone);
            case JOINING, RESUMING -> {
                forgetHost();
                seek();
            }
            case ENDED -> {}
        }
    }

    private boolean isHost(RoomHost sender) {
        return host == sender && state != State.ENDED;
    }

    /** The client keeps its socket and its connections, and gets another host. */
    private void resume(RoomHost old) {
        LOG.log(Level.DEBUG, () -> this + ": node " + old.node() + " has the room no longer");
        state = State.RESUMING;
        joinReply.resuming();
        old.takeOffers().forEach(offer -> waiting.add(() -> offer(offer.sdp(), offer.reply())));
        forgetHost();
        awaitHost(context.limits().resumeDeadline());
        seek();
    }

    /** The store is away: nobody must wait for what will not come. */
    void connectionLost() {
        if (host != null) {
            host.failRequests();
        }
    }

    /** The client has gone. */
    void leave() {
        if (state != State.ENDED) {
            leaveHost();
            end();
        }
    }

    /** The client has joined anew before it was noticed that it had left; that join waits for this. */
    void replaceBy(Route next) {
        if (state == State.JOINING) {
            joinReply.error(new RoomException(Code.INVALID, "another join of this client has replaced this one"));
        }
        leave();
        next.post(next::start);
    }

    private void leaveHost() {
        RoomHost left = host;
        host = null; // First: what it says from here on, outcomes included, concerns nobody.
        if (left != null) {
            left.leave();
        }
    }

    private void forgetHost() {
        RoomHost forgotten = host;
        host = null; // As above.
        if (forgotten != null) {
            forgotten.forget();
        }
    }

    private void end() {
        state = State.ENDED;
        cancelTimers();
        routes.ended(this);
        sendWaiting(); // Each gets its refusal.
    }

    private void cancelTimers() {
        cancel(deadline);
        cancel(retry);
    }

    private static void cancel(Scheduler.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public String toString() {
        return request.room() + "/" + request.peer();
    }
}
