package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.PlainText;
import dev.noir.access.RoomHashes;
import dev.noir.room.RoomException.Code;
import dev.noir.sdp.SubscriberLayout;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A room with its peers; an actor. Everything but {@code execute}, {@code schedule}, {@code id} and {@code lease} runs
 * as one of its tasks. Thread: rooms.
 */
final class Room implements MediaRoom.Events {
    static final Logger LOG = System.getLogger(Room.class.getName());

    // Given.
    private final RoomLease lease;
    private final RoomContext context;
    private final RoomSlot slot;
    private final Consumer<PeerLink> peerGone;

    // Owned.
    private final MediaRoom media;
    private final UserChannels userChannels;
    private final RoomNews news;
    private final Instant opened;
    private final Terms terms;
    private final Door door;
    private final Moderation moderation;
    private final Compliance compliance = new Compliance(this);
    private final Speakers speakers = new Speakers(this);
    private final Recording recording;
    private final Explanations explanations = new Explanations(this);

    // State. In the order of joining.
    private final Map<PeerName, Peer> peers = new LinkedHashMap<>();
    private final Map<PeerLink, Peer> peersByLink = new HashMap<>();

    // Volatile: read by whoever asks how full the room is.
    private volatile RoomCounts counts;

    Room(
            RoomLease lease,
            Supplier<RoomOptions> options,
            RoomContext context,
            RoomSlot slot,
            RoomState state,
            MediaPlane mediaPlane,
            Consumer<PeerLink> peerGone) {
        this.lease = lease;
        this.context = context;
        this.slot = slot;
        this.peerGone = peerGone;
        this.counts = new RoomCounts(lease.room(), 0, 0, 0);
        this.opened = context.access().clock().instant();
        this.terms = new Terms(this, options, this::timeOver);
        this.door = new Door(lease.room(), context, terms::options);
        this.media = mediaPlane.openRoom(lease.room(), slot.tasks(), this);
        this.userChannels = new UserChannels(media, context.scheduler(), context.floods()::incrementAndGet);
        this.news = new RoomNews(lease.room(), context.events());
        this.moderation = new Moderation(this, slot.directory(), door, state);
        this.recording = new Recording(this, context.recorder());
        terms.start();
        news.opened();
        recording.start();
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

    /** As a whole. Thread: any. */
    RoomDescription describe() {
        RoomState state = moderation.state();
        RoomOptions options = terms.options();
        return new RoomDescription(
                lease.node(),
                counts,
                options.withPasswords(RoomHashes.NONE),
                options.passwords().passes(),
                state.locked(),
                door.hasLobby(state),
                state.waiting().size(),
                recording.isOn(),
                opened);
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

    Terms terms() {
        return terms;
    }

    MediaRoom media() {
        return media;
    }

    RoomNews news() {
        return news;
    }

    UserChannels userChannels() {
        return userChannels;
    }

    Compliance compliance() {
        return compliance;
    }

    Recording recording() {
        return recording;
    }

    Speakers speakers() {
        return speakers;
    }

    Moderation moderation() {
        return moderation;
    }

    Explanations explanations() {
        return explanations;
    }

    /** In the order of joining. */
    List<Peer> peers() {
        return List.copyOf(peers.values());
    }

    /** Those who are in the room for themselves: without who attends its lobby. */
    List<Peer> members() {
        return peers.values().stream().filter(peer -> !peer.attends()).toList();
    }

    Set<PeerName> names() {
        return Set.copyOf(peers.keySet());
    }

    @Nullable
    Peer find(PeerName name) {
        return peers.get(name);
    }

    /** This peer, and whoever else is here for the same principal. */
    List<Peer> peersOf(Caller caller, Peer itself) {
        return peers.values().stream()
                .filter(peer -> peer == itself
                        || (!caller.isAnonymous() && peer.caller().principal().equals(caller.principal())))
                .toList();
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
            LOG.log(
                    Level.INFO,
                    () -> id() + "/" + name + ": join refused: " + PlainText.of(String.valueOf(e.getMessage())));
            peerGone.accept(link);
            reply.error(e);
        } catch (RuntimeException | Error e) {
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
        Door.Admission admission = door.join(request, older, members().size(), moderation.state());
        if (older == null) {
            terms.checkPlace(request.caller());
        }
        Peer peer = peer(link, request.peer(), request.config(), request.caller(), admission, null);
        Ingress.Outcome outcome;
        try {
            outcome = peer.answer(request.offer());
            moderation.change(admission.state());
        } catch (RuntimeException | Error e) {
            peer.closeMedia();
            throw e;
        }
        if (older != null) {
            replace(older);
        }
        add(peer);
        reply.answer(outcome.answer());
        peer.ingress().trickle();
        welcome(peer, admission.secret());
        speakers.greet(peer);
        tellRefused(peer, outcome);
        count();
        peer.ingress().start();
    }

    private Peer peer(
            PeerLink link,
            PeerName name,
            JoinConfig config,
            Caller caller,
            Door.Admission admission,
            @Nullable SubscriberLayout layout) {
        Rights rights = admission.state().rights(caller, name, admission.grants());
        return new Peer(this, link, name, config, caller, admission.grants(), rights, layout);
    }

    /** Somebody has its place; whether he waits there, and his secret, are not the older one's. */
    private void replace(Peer older) {
        dismiss(older);
        older.link().close(CloseCause.REPLACED);
    }

    /** A peer that has been added takes part, as far as it may. */
    private void welcome(Peer peer, String secret) {
        if (!secret.isEmpty()) {
            peer.link().notify(new Notification.ResumeSecret(secret));
        }
        recording.greet(peer);
        compliance.watches().greet(peer);
        compliance.begin(peer);
        if (peer.rights().waiting() || peer.rights().may(Grant.MODERATE)) {
            moderation.tellModerators();
        }
    }

    private static void tellRefused(Peer peer, Ingress.Outcome outcome) {
        for (Grant missing : outcome.refused()) {
            peer.link().notify(new Notification.Refused(missing, Ingress.REFUSED));
        }
    }

    /**
     * A peer that was here when another node hosted the room. It had been let in, so the room's limits are not asked again; but
     * whoever has joined under its name since then is the same client, come back by itself, unless they are known to be two.
     */
    private void readmit(PeerLink link, ResumeRequest request, Reply reply) {
        if (request.config().connections() != Connections.TWO) {
            throw RoomException.notJoined(); // It has to offer another connection itself.
        }
        Door.Admission admission = door.resume(request, moderation.state());
        Peer other = peers.get(request.peer());
        boolean usurped = other != null
                && !request.caller().isAnonymous()
                && !request.caller().attends()
                && !other.caller().principal().equals(request.caller().principal());
        if (other != null && !usurped) {
            throw new RoomException(Code.ALREADY_JOINED, "a peer of that name has joined meanwhile");
        }
        SubscriberLayout layout = Subscriber.layout(request);
        Peer peer = peer(link, request.peer(), request.config(), request.caller(), admission, layout);
        if (other != null) {
            replace(other);
        }
        add(peer);
        reply.done();
        welcome(peer, "");
        speakers.tell(peer);
        peer.ingress().resume(request.encodings());
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
        counts = RoomCounts.of(id(), members());
        speakers.review();
    }

    /** A later offer of a peer. */
    void renegotiate(Peer peer, String offer, Reply reply) {
        Ingress.Outcome outcome = peer.answer(offer);
        reply.answer(outcome.answer());
        if (outcome.connected()) {
            peer.ingress().trickle();
        }
        outcome.unpublished().forEach(this::unpublished);
        compliance.comply(peer.ingress());
        tellRefused(peer, outcome);
        count();
        if (outcome.iceRestarted()) {
            peer.egress().restartIce();
        }
    }

    /** A peer's track has ended. */
    void unpublished(Track track) {
        compliance.withdraw(track);
        track.media().remove();
    }

    /** Those of all but the peer, and the one whose place it is about to take. */
    List<Track> tracksOfOthers(Peer except) {
        return peers.values().stream()
                .filter(peer -> !peer.name().equals(except.name()))
                .flatMap(peer -> peer.ingress().tracks().stream())
                .toList();
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
            LOG.log(Level.DEBUG, () -> id() + "/" + peer.name() + ": " + PlainText.of(String.valueOf(e.getMessage())));
            reply.error(e);
        } catch (RuntimeException | Error e) {
            reply.error(RoomException.internal());
            failed(peer, e);
        }
    }

    /** Runs what another part of the server asks for. */
    void perform(Caller actor, ModerationCommand command, Reply reply) {
        try {
            if (command instanceof ModerationCommand.Explain explain) {
                explanations.explain(explain, reply);
            } else {
                reply.result(moderation.perform(actor, command));
            }
        } catch (RoomException e) {
            reply.error(e);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, id() + ": failed", e);
            reply.error(RoomException.internal());
        }
    }

    /** Does something of a peer's. Whatever fails there unexpectedly ends this peer and harms no other. */
    void guard(Peer peer, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            failed(peer, e);
        }
    }

    private void failed(Peer peer, Throwable bug) {
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

    /** The peer leaves. False when it is out already. */
    boolean remove(Peer peer) {
        boolean removed = dismiss(peer);
        if (removed) {
            moderation.left(peer.name());
            if (members().isEmpty()) { // Who attends the lobby keeps no room open.
                closeAllPeers(CloseCause.ROOM_ENDED);
            }
        }
        return removed;
    }

    /** The one way out of a room. False when the peer is out already. */
    private boolean dismiss(Peer peer) {
        if (!peersByLink.remove(peer.link(), peer)) {
            return false;
        }
        peers.remove(peer.name(), peer);
        LOG.log(Level.INFO, () -> id() + "/" + peer.name() + ": left, " + peers.size() + " in the room");
        peer.ingress().tracks().forEach(this::unpublished);
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
        moderation.stop(); // What has been laid down holds there.
        recording.stop();
        compliance.watches().moved();
        news.moved();
        for (Peer peer : List.copyOf(peers.values())) {
            if (dismiss(peer)) {
                peer.link().moved(otherwise);
            }
        }
    }

    private void timeOver() {
        LOG.log(Level.INFO, () -> id() + ": has ended, it is " + terms.options().maxAge() + " old");
        end(CloseCause.ROOM_ENDED);
    }

    /** With everybody in it, and the name is not free before its reserve is over. */
    void end(CloseCause cause) {
        slot.end(this, cause, terms.options().reserve());
    }

    @Override
    public void onSpeakers(List<Integer> streams) {
        speakers.changed(streams);
    }

    @Override
    public void onLost() {
        LOG.log(Level.ERROR, id() + ": the media plane lost the room");
        slot.end(this, CloseCause.ROOM_LOST, Duration.ZERO);
    }

    /** After the last peer; by then nothing of it needs the room. */
    void close() {
        moderation.stop();
        recording.stop();
        compliance.watches().ended();
        speakers.stop();
        terms.stop();
        media.close();
        news.closed();
    }
}
