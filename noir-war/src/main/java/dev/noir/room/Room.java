package dev.noir.room;

import dev.noir.room.RoomException.Code;
import dev.noir.sdp.MediaKind;
import dev.noir.sdp.PublishedTrack;
import dev.noir.sdp.SubscriberLayout;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A room with its peers; an actor. Everything but {@code execute}, {@code schedule}, {@code id} and {@code lease} runs
 * as one of its tasks. Thread: rooms.
 */
final class Room {
    static final Logger LOG = System.getLogger(Room.class.getName());

    // Given.
    private final RoomLease lease;
    private final RoomOptions options;
    private final RoomContext context;
    private final RoomSlot slot;
    private final Consumer<PeerLink> peerGone;

    // Owned.
    private final MediaRoom media;
    private final UserChannels userChannels = new UserChannels();
    private final RoomNews news;

    // State. In the order of joining.
    private final Map<PeerName, Peer> peers = new LinkedHashMap<>();
    private final Map<PeerLink, Peer> peersByLink = new HashMap<>();
    private final Scheduler.@Nullable Timer end;

    // Volatile: read by whoever asks how full the room is.
    private volatile RoomCounts counts;

    Room(
            RoomLease lease,
            RoomOptions options,
            RoomContext context,
            RoomSlot slot,
            MediaPlane mediaPlane,
            Consumer<PeerLink> peerGone) {
        this.lease = lease;
        this.options = options;
        this.context = context;
        this.slot = slot;
        this.peerGone = peerGone;
        this.counts = new RoomCounts(lease.room(), 0, 0, 0);
        this.media = mediaPlane.openRoom(lease.room(), slot.tasks(), this::lost);
        this.news = new RoomNews(lease.room(), context.events());
        this.end = options.ends() ? schedule(options.maxAge(), this::timeOver) : null;
        news.opened();
    }

    RoomId id() {
        return lease.room();
    }

    RoomLease lease() {
        return lease;
    }

    /** Thread: any. */
    RoomCounts counts() {
        return counts;
    }

    /** Thread: any. */
    void execute(Runnable task) {
        slot.execute(task);
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
        enter(link, request.peer(), reply, () -> admit(link, request, reply));
    }

    void resume(PeerLink link, ResumeRequest request, Reply reply) {
        enter(link, request.peer(), reply, () -> readmit(link, request, reply));
    }

    private void enter(PeerLink link, PeerName name, Reply reply, Runnable admission) {
        try {
            admission.run();
        } catch (RoomException e) {
            LOG.log(Level.INFO, () -> id() + "/" + name + ": join refused: " + e.getMessage());
            peerGone.accept(link);
            reply.error(e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, id() + "/" + name + ": join failed", e);
            Peer admitted = peersByLink.get(link);
            if (admitted == null) {
                peerGone.accept(link);
                reply.error(RoomException.internal());
            } else {
                expel(admitted, CloseCause.INTERNAL_ERROR);
            }
        }
    }

    /** Nothing of the room changes before the offer has been answered, so a refused join leaves nothing behind. */
    private void admit(PeerLink link, JoinRequest request, Reply reply) {
        Peer older = peers.get(request.peer());
        if (older == null && peers.size() >= options.maxPeers()) {
            throw new RoomException(Code.ROOM_FULL, "the room is full");
        }
        Peer peer = new Peer(this, link, request.peer(), request.config(), request.caller(), null);
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
        add(peer);
        reply.answer(outcome.answer());
        peer.publisher().trickle();
        peer.subscriber().start(tracksForNewcomer(peer));
        userChannels.joined(peer);
        outcome.published().forEach(this::published);
        count();
    }

    /**
     * A peer that was here when another node hosted the room. It had been let in, so the room's limits are not asked again; but
     * whoever has joined under its name since then is the same client, come back by itself.
     */
    private void readmit(PeerLink link, ResumeRequest request, Reply reply) {
        if (peers.containsKey(request.peer())) {
            throw new RoomException(Code.ALREADY_JOINED, "a peer of that name has joined meanwhile");
        }
        SubscriberLayout layout = Subscriber.layout(request);
        Peer peer = new Peer(this, link, request.peer(), request.config(), request.caller(), layout);
        add(peer);
        reply.done();
        peer.subscriber().start(tracksForNewcomer(peer));
        peer.publisher().await();
        userChannels.joined(peer);
        count();
    }

    private void add(Peer peer) {
        peers.put(peer.name(), peer);
        peersByLink.put(peer.link(), peer);
        LOG.log(Level.INFO, () -> id() + "/" + peer.name() + ": joined, " + peers.size() + " in the room");
        news.joined(peer);
    }

    /** To be called when somebody came, went, or changed what it sends. */
    void count() {
        int publishers = (int) peers.values().stream().filter(Peer::publishes).count();
        int subscribers = (int) peers.values().stream()
                .filter(peer -> peer.config().subscribes())
                .count();
        counts = new RoomCounts(id(), peers.size(), publishers, subscribers);
    }

    /** Throws when the peer may not send these tracks. One that sends already keeps its place, whatever it changes. */
    void checkMayPublish(Peer peer, List<PublishedTrack> sending) {
        if (sending.isEmpty()) {
            return;
        }
        // The peer that this one is about to replace gives its place away.
        long others = peers.values().stream()
                .filter(other -> !other.name().equals(peer.name()) && other.publishes())
                .count();
        int limit = options.publisherLimit();
        if (limit > 0 && others >= limit) {
            throw new RoomException(
                    Code.PUBLISHERS_FULL,
                    options.channel()
                            ? "the channel has a publisher already"
                            : "the room has as many publishers as it may have");
        }
        long audio = sending.stream()
                .filter(track -> track.kind() == MediaKind.AUDIO)
                .count();
        if (options.channel() && (audio > 1 || sending.size() - audio > 1)) {
            throw new RoomException(
                    Code.INVALID, "error creating answer: a channel takes one audio and one video track");
        }
    }

    /** A later offer of a peer. */
    void renegotiate(Peer peer, String offer, Reply reply) {
        Publisher.Outcome outcome = peer.publisher().answer(offer);
        reply.answer(outcome.answer());
        if (outcome.first()) {
            peer.publisher().trickle();
        }
        outcome.unpublished().forEach(this::unpublished);
        outcome.published().forEach(this::published);
        count();
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
        news.published(track);
        others(track.owner())
                .forEach(peer -> guard(peer, () -> peer.subscriber().add(track)));
    }

    /** A peer's track has ended. */
    void unpublished(Track track) {
        others(track.owner())
                .forEach(peer -> guard(peer, () -> peer.subscriber().remove(track)));
        track.media().remove();
        news.unpublished(track);
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
            reply.error(RoomException.internal());
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
        count();
        news.left(peer);
        peerGone.accept(peer.link());
        return true;
    }

    void closeAllPeers(CloseCause cause) {
        List.copyOf(peers.values()).forEach(peer -> expel(peer, cause));
    }

    /** The room goes on elsewhere. */
    void moveAllPeers(CloseCause otherwise) {
        for (Peer peer : List.copyOf(peers.values())) {
            if (remove(peer)) {
                peer.link().moved(otherwise);
            }
        }
    }

    private void timeOver() {
        LOG.log(Level.INFO, () -> id() + ": has ended, it is " + options.maxAge() + " old");
        slot.end(this, CloseCause.ROOM_ENDED, options.reserve());
    }

    private void lost() {
        LOG.log(Level.ERROR, id() + ": the media plane lost the room");
        slot.end(this, CloseCause.ROOM_LOST, Duration.ZERO);
    }

    /** After the last peer; by then nothing of it needs the room. */
    void close() {
        if (end != null) {
            end.cancel();
        }
        media.close();
        news.closed();
    }
}
