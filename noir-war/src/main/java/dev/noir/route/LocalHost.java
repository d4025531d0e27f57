package dev.noir.route;

import dev.noir.room.CloseCause;
import dev.noir.room.JoinRequest;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.Reply;
import dev.noir.room.ResumeRequest;
import dev.noir.room.RoomException;
import dev.noir.room.RoomService;
import dev.noir.room.TransportRole;
import java.util.List;

/** A place in a room of this very node. */
final class LocalHost implements RoomHost, PeerLink {
    // Given.
    private final String node;
    private final RoomService rooms;
    private final Route route;

    LocalHost(String node, RoomService rooms, Route route) {
        this.node = node;
        this.rooms = rooms;
        this.route = route;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void join(JoinRequest request, Reply reply) {
        ask(reply, posted -> rooms.join(this, request, posted));
    }

    @Override
    public void resume(ResumeRequest request, Reply reply) {
        ask(reply, posted -> rooms.resume(this, request, posted));
    }

    @Override
    public void offer(String sdp, Reply reply) {
        ask(reply, posted -> rooms.offer(this, sdp, posted));
    }

    @Override
    public void answer(String sdp, Reply reply) {
        ask(reply, posted -> rooms.answer(this, sdp, posted));
    }

    @Override
    public void moderate(ModerationCommand command, Reply reply) {
        ask(reply, posted -> rooms.moderate(this, command, posted));
    }

    private interface Request {
        void run(Reply reply);
    }

    private void ask(Reply reply, Request request) {
        try {
            request.run(new Posted(reply));
        } catch (RoomException e) {
            reply.error(e);
        }
    }

    /** The outcome as a task of the route, in one row with what else the room says. Thread: the room's. */
    private final class Posted implements Reply {
        private final Reply reply;

        Posted(Reply reply) {
            this.reply = reply;
        }

        @Override
        public void answer(String sdp) {
            route.post(() -> reply.answer(sdp));
        }

        @Override
        public void done() {
            route.post(reply::done);
        }

        @Override
        public void result(ModerationResult result) {
            route.post(() -> reply.result(result));
        }

        @Override
        public void error(RoomException error) {
            route.post(() -> reply.error(error));
        }
    }

    @Override
    public void leave() {
        rooms.leave(this);
    }

    @Override
    public void forget() {
        rooms.leave(this); // Harmless when it is not there, and it is never behind a bus that is down.
    }

    @Override
    public void failRequests() {
        // The rooms of this node always answer.
    }

    @Override
    public List<PublisherOffer> takeOffers() {
        return List.of();
    }

    @Override
    public void offer(String sdp) {
        route.post(() -> route.offered(this, sdp));
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        route.post(() -> route.trickled(this, role, candidate));
    }

    @Override
    public void notify(Notification notification) {
        route.post(() -> route.notified(this, notification));
    }

    @Override
    public void close(CloseCause cause) {
        route.post(() -> route.closed(this, cause));
    }

    @Override
    public void left() {
        route.post(() -> route.left(this));
    }
}
