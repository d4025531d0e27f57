package dev.noir.route;

import dev.noir.bus.Envelope;
import dev.noir.bus.Envelope.Kind;
import dev.noir.room.CloseCause;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.LocalCandidate;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;

/** The link to a client whose socket is at another node. Thread: any. */
final class RelayedLink implements PeerLink {
    // Given.
    private final RelayedLinks links;
    private final RouteContext context;
    private final RelayedLinks.Key key;
    private final RoomId room;

    // Volatile: set by the room when the peer is in, read by whoever sends.
    private volatile long epoch;

    RelayedLink(RelayedLinks links, RouteContext context, RelayedLinks.Key key, RoomId room) {
        this.links = links;
        this.context = context;
        this.key = key;
        this.room = room;
    }

    RelayedLinks.Key key() {
        return key;
    }

    RoomId room() {
        return room;
    }

    /** Under which lease the peer is in the room. */
    void joined(long leaseEpoch) {
        epoch = leaseEpoch;
    }

    void send(Kind kind, long request, String payload) {
        Envelope envelope =
                new Envelope(context.self(), key.node(), kind, room.value(), key.peer(), epoch, request, payload);
        if (!context.bus().send(envelope)) {
            // Requests have deadlines, offers are repeated, and who is here is compared every few seconds.
            context.counters().busFailures.increment();
        }
    }

    @Override
    public void offer(String sdp) {
        send(Kind.SERVER_OFFER, 0, sdp);
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        send(Kind.SERVER_TRICKLE, 0, RoutePayloads.trickle(role, candidate));
    }

    @Override
    public void notify(Notification notification) {
        send(Kind.NOTIFY, 0, RoutePayloads.notification(notification));
    }

    @Override
    public void learned(LearnedEncoding encoding) {
        notify(new Notification.EncodingLearned(encoding));
    }

    @Override
    public void close(CloseCause cause) {
        links.remove(this);
        send(Kind.CLOSE, 0, RoutePayloads.close(cause));
    }

    @Override
    public void moved(CloseCause otherwise) {
        links.remove(this);
        send(Kind.MOVED, 0, "");
    }

    @Override
    public void left() {
        links.remove(this);
        send(Kind.LEFT, 0, "");
    }

    @Override
    public boolean isReachable() {
        return context.registry().isConnected();
    }

    @Override
    public String toString() {
        return room + " for node " + key.node();
    }
}
