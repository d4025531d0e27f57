package dev.noir.room;

import dev.noir.room.RoomException.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * A room with its peers; an actor. Everything but {@code execute}, {@code schedule}, {@code id} and {@code lease} runs
 * as one of its tasks. Thread: rooms.
 */
final class Room {
    private static final Logger LOG = System.getLogger(Room.class.getName());

    // Given.
    private final RoomLease lease;
    private final RoomContext context;
    private final Executor tasks;
    private final BiConsumer<Room, PeerLink> peerGone;

    // Owned.
    private final MediaRoom media;
    private final UserChannels userChannels = new UserChannels();

    // State. In the order of joining.
    private final Map<PeerName, Peer> peers = new LinkedHashMap<>();
    private final Map<PeerLink, Peer> peersByLink = new HashMap<>();

    Room(
            RoomLease lease,
            RoomContext context,
            Executor tasks,
            MediaPlane mediaPlane,
            BiConsumer<Room, PeerLink> peerGone) {
        this.lease = lease;
        this.context = context;
        this.tasks = tasks;
        this.peerGone = peerGone;
        this.media = mediaPlane.openRoom(lease.room(), tasks, this::lost);
    }

    RoomId id() {
        return lease.room();
    }

    RoomLease lease() {
        return lease;
    }

    /** Thread: any. */
    void execute(Runnable task) {
        tasks.execute(task);
    }

    /** The task becomes a task of this room when its time has come. Thread: any. */
    Scheduler.Timer schedule(Duration delay, Runnable task) {
        return context.scheduler().schedule(delay, () -> execute(task));
    }

    RoomContext context() {
        return context;
    }

    MediaRoom media() {
        return media;
    }

    UserChannels userChannels() {
        return userChannels;
    }

    void join(PeerLink link, JoinRequest request, Reply reply) {
        try {
            admit(link, request, reply);
        } catch (RoomException e) {
            LOG.log(Level.INFO, () -> id() + "/" + request.peer() + ": join refused: " + e.getMessage());
            peerGone.accept(this, link);
            reply.error(e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, id() + "/" + request.peer() + ": join failed", e);
            Peer admitted = peersByLink.get(link);
            if (admitted == null) {
                peerGone.accept(this, link);
                reply.error(new RoomException(Code.INTERNAL, "internal error"));
            } else {
                expel(admitted, CloseCause.INTERNAL_ERROR);
            }
        }
    }

    /** Nothing of the room changes before the offer has been answered, so a refused join leaves nothing behind. */
    private void admit(PeerLink link, JoinRequest request, Reply reply) {
        Peer older = peers.get(request.peer());
        if (older == null && peers.size() >= context.options().maxPeers()) {
            throw new RoomException(Code.ROOM_FULL, "the room is full");
        }
        Peer peer = new Peer(this, link, request);
        Publisher.Outcome outcome;
        try {
            outcome = peer.publisher().answer(request.offer());
        } catch (RuntimeException e) {
            peer.closeMedia();
            throw e;
        }
        if (older != null) {
            remove(older);
            older.link().close(CloseCause.REPLACED);
        }
        peers.put(peer.name(), peer);
        peersByLink.put(link, peer);
        LOG.log(Level.INFO, () -> id() + "/" + peer.name() + ": joined, " + peers.size() + " in the room");
        reply.answer(outcome.answer());
        peer.publisher().trickle();
        peer.subscriber().start(tracksForNewcomer(peer));
        userChannels.joined(peer);
        outcome.published().forEach(this::published);
    }

    /** A later offer of a peer. */
    void renegotiate(Peer peer, String offer, Reply reply) {
        Publisher.Outcome outcome = peer.publisher().answer(offer);
        reply.answer(outcome.answer());
        outcome.unpublished().forEach(this::unpublished);
        outcome.published().forEach(this::published);
        if (outcome.iceRestarted()) {
            peer.subscriber().restartIce();
        }
    }

    private List<Track> tracksForNewcomer(Peer newcomer) {
        List<Track> tracks = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (peer != newcomer) {
                tracks.addAll(peer.publisher().tracks());
            }
        }
        return tracks;
    }

    /** A peer's track is there: everybody else gets it. */
    void published(Track track) {
        others(track.owner())
                .forEach(peer -> guard(peer, () -> peer.subscriber().add(track)));
    }

    /** A peer's track has ended. */
    void unpublished(Track track) {
        others(track.owner())
                .forEach(peer -> guard(peer, () -> peer.subscriber().remove(track)));
        track.media().remove();
    }

    List<Peer> others(Peer except) {
        return peers.values().stream().filter(peer -> peer != except).toList();
    }

    /** Runs a request of a peer that is here, and reports what it does wrong. */
    void withPeer(PeerLink link, Reply reply, BiConsumer<Room, Peer> action) {
        Peer peer = peersByLink.get(link);
        if (peer == null) {
            reply.error(RoomException.notJoined());
            return;
        }
        try {
            action.accept(this, peer);
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, () -> id() + "/" + peer.name() + ": " + e.getMessage());
            reply.error(e);
        } catch (RuntimeException e) {
            reply.error(new RoomException(Code.INTERNAL, "internal error"));
            failed(peer, e);
        }
    }

    /** Does something of a peer's. Whatever fails there unexpectedly ends this peer and harms no other. */
    void guard(Peer peer, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            failed(peer, e);
        }
    }

    private void failed(Peer peer, RuntimeException bug) {
        LOG.log(Level.ERROR, peer + ": failed", bug);
        expel(peer, CloseCause.INTERNAL_ERROR);
    }

    void leave(PeerLink link) {
        Peer peer = peersByLink.get(link);
        if (peer != null) {
            remove(peer);
        }
    }

    /** The peer leaves and is told why. */
    void expel(Peer peer, CloseCause cause) {
        if (remove(peer)) {
            peer.link().close(cause);
        }
    }

    /** The one way out of a room. False when the peer is out already. */
    boolean remove(Peer peer) {
        if (!peersByLink.remove(peer.link(), peer)) {
            return false;
        }
        peers.remove(peer.name(), peer);
        LOG.log(Level.INFO, () -> id() + "/" + peer.name() + ": left, " + peers.size() + " in the room");
        peer.publisher().tracks().forEach(this::unpublished);
        userChannels.left(peer);
        peer.closeMedia();
        peerGone.accept(this, peer.link());
        return true;
    }

    void closeAllPeers(CloseCause cause) {
        List.copyOf(peers.values()).forEach(peer -> expel(peer, cause));
    }

    private void lost() {
        LOG.log(Level.ERROR, id() + ": the media plane lost the room");
        closeAllPeers(CloseCause.ROOM_LOST);
    }

    /** After the last peer; by then nothing of it needs the room. Thread: any. */
    void close() {
        media.close();
    }
}
