package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.SdpException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The use cases on rooms hosted by this node: join, offer, answer, trickle, leave, and bringing back a peer whose room's host
 * has died. Each hands a task to the room's executor and returns. Thread: any, but one at a time per link.
 */
public final class RoomService implements PeerRequests {
    private static final Logger LOG = System.getLogger(RoomService.class.getName());

    // Given.
    private final RoomOptions defaults;
    private final RoomDirectory directory;
    private final MediaPlane mediaPlane;
    private final RoomContext context;

    // Owned.
    private final RoomRegistry registry;
    private final ConcurrentHashMap<PeerLink, RoomSlot> memberships = new ConcurrentHashMap<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong fenced = new AtomicLong();
    private final AtomicLong floods = new AtomicLong();

    /** As the other one, where nobody is told what happens in rooms. */
    public RoomService(
            RoomOptions defaults,
            RoomLimits limits,
            RoomDirectory directory,
            MediaPlane mediaPlane,
            ApiMessages apiMessages,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            RoomAccess access) {
        this(defaults, limits, directory, mediaPlane, apiMessages, RoomEvents.NONE, scheduler, threads, random, access);
    }

    /**
     * @param defaults for rooms of which the directory knows no options
     * @param threads where rooms run; a room takes one thread at a time
     * @param random for names, credentials, SSRCs and secrets; a cryptographic one
     * @param access who may come in
     */
    public RoomService(
            RoomOptions defaults,
            RoomLimits limits,
            RoomDirectory directory,
            MediaPlane mediaPlane,
            ApiMessages apiMessages,
            RoomEvents events,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            RoomAccess access) {
        this(
                defaults,
                limits,
                directory,
                mediaPlane,
                apiMessages,
                events,
                scheduler,
                threads,
                random,
                access,
                Recorder.NONE,
                Projector.NONE);
    }

    /**
     * As the other one, where rooms can be recorded, and files played into them.
     *
     * @param recorder where to
     * @param projector where from
     */
    public RoomService(
            RoomOptions defaults,
            RoomLimits limits,
            RoomDirectory directory,
            MediaPlane mediaPlane,
            ApiMessages apiMessages,
            RoomEvents events,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random,
            RoomAccess access,
            Recorder recorder,
            Projector projector) {
        this.defaults = defaults;
        this.directory = directory;
        this.mediaPlane = mediaPlane;
        this.context =
                new RoomContext(limits, scheduler, random, apiMessages, events, access, recorder, projector, floods);
        this.registry = new RoomRegistry(
                id -> new RoomSlot(id, directory, this::openRoom, new SerialExecutor("room " + id, threads)));
    }

    private Room openRoom(RoomLease lease, RoomSlot slot) {
        RoomState state = directory.state(lease.room());
        return new Room(
                lease,
                () -> directory.options(lease.room(), defaults),
                context,
                slot,
                state,
                mediaPlane,
                link -> peerGone(slot, link));
    }

    @Override
    public void join(PeerLink link, JoinRequest request, Reply reply) {
        enter(link, request.room(), reply, room -> room.join(link, request, reply));
    }

    /** Brings back a peer that was in this room on another node; {@link Reply#done} tells that it is here. */
    public void resume(PeerLink link, ResumeRequest request, Reply reply) {
        enter(link, request.room(), reply, room -> room.resume(link, request, reply));
    }

    private void enter(PeerLink link, RoomId id, Reply reply, Consumer<Room> action) {
        if (stopping.get()) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the server is going down");
        }
        RoomSlot slot = registry.acquire(id, !draining.get());
        if (slot == null) {
            throw RoomException.moved("");
        }
        if (memberships.putIfAbsent(link, slot) != null) {
            registry.release(slot);
            throw RoomException.alreadyJoined();
        }
        try {
            slot.ask(() -> open(slot, link, reply, action));
        } catch (RoomException e) {
            peerGone(slot, link);
            throw e;
        }
    }

    private void open(RoomSlot slot, PeerLink link, Reply reply, Consumer<Room> action) {
        try {
            action.accept(slot.open());
        } catch (RoomException e) {
            peerGone(slot, link);
            reply.error(e);
        } catch (RuntimeException | Error e) { // Else the client would be joining for ever.
            LOG.log(Level.ERROR, slot.id() + ": not opened", e);
            peerGone(slot, link);
            reply.error(RoomException.internal());
        }
    }

    @Override
    public void offer(PeerLink link, String sdp, Reply reply) {
        inRoom(link, reply, (room, peer) -> room.renegotiate(peer, sdp, reply));
    }

    @Override
    public void answer(PeerLink link, String sdp, Reply reply) {
        inRoom(link, reply, (room, peer) -> {
            peer.egress().answered(sdp);
            reply.done();
        });
    }

    @Override
    public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {
        inRoom(link, reply, (room, peer) -> {
            checkCandidate(candidate);
            reply.done();
        });
    }

    /** @throws RoomException when it is none */
    public static void checkCandidate(String candidate) {
        try {
            IceCandidate.parse(candidate);
        } catch (SdpException e) {
            throw new RoomException(RoomException.Code.INVALID, "setting ice candidate: " + e.getMessage(), e);
        }
    }

    @Override
    public void moderate(PeerLink link, ModerationCommand command, Reply reply) {
        inRoom(link, reply, (room, peer) -> {
            if (command instanceof ModerationCommand.Explain explain) {
                room.explanations().explain(peer, explain, reply);
            } else if (command instanceof ModerationCommand.Subscribe subscribe) {
                room.compliance().subscribe(peer, subscribe);
                reply.result(new ModerationResult.Done());
            } else {
                reply.result(room.moderation().perform(peer, command));
            }
        });
    }

    /**
     * Does in a room that is open here what another part of the server wants, for somebody.
     *
     * @param actor who, for the log; what he may is not asked
     */
    public void moderate(RoomId id, Caller actor, ModerationCommand command, Reply reply) {
        RoomSlot slot = registry.find(id);
        if (slot == null) {
            throw RoomException.moved("");
        }
        slot.ask(() -> {
            Room room = slot.room();
            if (room == null) {
                reply.error(RoomException.moved(""));
            } else {
                room.perform(actor, command, reply);
            }
        });
    }

    /**
     * Looks at what the media of some peers of a room that is open here is doing. Nothing comes of who is not there, or when the
     * room or the media plane has too much to do.
     *
     * @param each told of one after the other some time later, as tasks of the room; must not block
     */
    public void snapshots(RoomId id, List<PeerName> peers, Consumer<PeerSnapshot> each) {
        RoomSlot slot = registry.find(id);
        if (slot == null) {
            return;
        }
        try {
            slot.ask(() -> {
                Room room = slot.room();
                if (room != null) {
                    new Snapshots(room, each).take(peers);
                }
            });
        } catch (RoomException e) {
            LOG.log(Level.DEBUG, () -> id + ": no snapshots: " + e.getMessage());
        }
    }

    /**
     * Watches the tracks of a room that is open here, until the room is over, or {@link #unwatch}.
     *
     * @throws RoomException when it is not here, or has too much to do
     */
    public void watch(RoomId id, TrackWatch watch) {
        RoomSlot slot = registry.find(id);
        if (slot == null) {
            throw RoomException.moved("");
        }
        slot.ask(() -> {
            Room room = slot.room();
            if (room == null) {
                watch.onEnded();
            } else {
                room.compliance().watches().begin(watch);
            }
        });
    }

    /** Nothing is told any more but what is being told now. */
    public void unwatch(RoomId id, TrackWatch watch) {
        RoomSlot slot = registry.find(id);
        if (slot != null) {
            slot.execute(() -> {
                Room room = slot.room();
                if (room != null) {
                    room.compliance().watches().end(watch);
                }
            });
        }
    }

    @Override
    public void leave(PeerLink link) {
        RoomSlot slot = memberships.get(link);
        if (slot != null) {
            slot.execute(() -> {
                Room room = slot.room();
                if (room != null) {
                    room.leave(link);
                }
            });
        }
    }

    @Override
    public boolean isJoined(PeerLink link) {
        return memberships.containsKey(link);
    }

    private void inRoom(PeerLink link, Reply reply, BiConsumer<Room, Peer> action) {
        RoomSlot slot = memberships.get(link);
        if (slot == null) {
            throw RoomException.notJoined();
        }
        slot.ask(() -> {
            Room room = slot.room();
            if (room == null) {
                reply.error(RoomException.notJoined());
            } else {
                room.withPeer(link, reply, action);
            }
        });
    }

    /** Called once per join, when the join has failed or the peer has gone for whatever reason. */
    private void peerGone(RoomSlot slot, PeerLink link) {
        memberships.remove(link);
        registry.release(slot);
    }

    /** True when the room is here, or is about to be claimed for this node. */
    public boolean hosts(RoomId id) {
        return registry.find(id) != null;
    }

    /** The lease of a room that is open here. */
    public Optional<RoomLease> lease(RoomId id) {
        RoomSlot slot = registry.find(id);
        return Optional.ofNullable(slot == null ? null : slot.room()).map(Room::lease);
    }

    /** Whether somebody may watch what a room that is open here shows to more than its peers, who has been told where. */
    public boolean mayWatch(RoomId id, Caller caller) {
        RoomSlot slot = registry.find(id);
        Room room = slot == null ? null : slot.room();
        return room != null && room.moderation().mayWatch(caller);
    }

    /** Rooms with a peer in them. */
    public int rooms() {
        return registry.size();
    }

    /** Peers in rooms, and those about to join. */
    public int peers() {
        return memberships.size();
    }

    /** How full each open room is. */
    public List<RoomCounts> counts() {
        return openRooms().stream().map(Room::counts).toList();
    }

    /** All that is open here. */
    public List<RoomDescription> descriptions() {
        return openRooms().stream().map(Room::describe).toList();
    }

    /** Rooms closed here because another node had come to own them. */
    public long fencedRooms() {
        return fenced.get();
    }

    /** Messages of data channels that were not passed on, since there were too many: see {@link MessageShares}. */
    public long floodedMessages() {
        return floods.get();
    }

    private List<Room> openRooms() {
        List<Room> rooms = new ArrayList<>();
        for (RoomSlot slot : registry.slots()) {
            Room room = slot.room();
            if (room != null) {
                rooms.add(room);
            }
        }
        return rooms;
    }

    /** Another node has a newer lease for the room: our copy is closed, and its peers are sent there. */
    public void leaseLost(RoomLease lease) {
        RoomSlot slot = registry.find(lease.room());
        if (slot != null) {
            slot.execute(() -> {
                if (slot.fence(lease)) {
                    fenced.incrementAndGet();
                    LOG.log(Level.WARNING, () -> lease.room() + ": another node owns the room; closed here");
                }
            });
        }
    }

    /** Nobody has the room, though its last host has not closed it: this node does so, see {@link RoomSlot#settle}. */
    public void settle(RoomId id) {
        RoomSlot slot = registry.acquire(id, !draining.get());
        if (slot == null) {
            return;
        }
        slot.execute(() -> {
            try {
                slot.settle();
            } catch (RoomException e) { // Somebody has it by now, or the store is away.
                LOG.log(Level.DEBUG, () -> id + ": not settled: " + e.getMessage());
            }
        });
        registry.release(slot);
    }

    /**
     * Does in a room that no node may have what another part of the server wants: it opens for that, and closes, if need be.
     *
     * @param actor who, for the log; what he may is not asked
     */
    public void moderateInPassing(RoomId id, Caller actor, ModerationCommand command, Reply reply) {
        RoomSlot slot = registry.acquire(id, !draining.get());
        if (slot == null) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the server takes no more rooms");
        }
        slot.execute(() -> {
            try {
                slot.inPassing(room -> room.perform(actor, command, reply));
            } catch (RoomException e) {
                reply.error(e);
            }
        });
        registry.release(slot);
    }

    /** From now on no room is opened here; those that are go on, and can be joined. */
    public void drain() {
        draining.set(true);
    }

    /** Gives every room away: links that can follow do so, others are closed for this cause. */
    public CompletableFuture<Void> handOver(CloseCause otherwise) {
        drain();
        return onEach(slot -> slot.handOver(otherwise));
    }

    /**
     * Refuses further joins, and makes every peer leave after telling it {@link CloseCause#GOING_AWAY}.
     *
     * @return done when the last room is closed
     */
    public CompletableFuture<Void> close() {
        stopping.set(true);
        return onEach(slot -> {
            Room room = slot.room();
            if (room != null) {
                room.closeAllPeers(CloseCause.GOING_AWAY);
            }
        });
    }

    /** Done when the action and what it has led to in that room is done everywhere. */
    private CompletableFuture<Void> onEach(Consumer<RoomSlot> action) {
        List<CompletableFuture<@Nullable Void>> done = new ArrayList<>();
        for (RoomSlot slot : registry.slots()) {
            CompletableFuture<@Nullable Void> settled = new CompletableFuture<>();
            done.add(settled);
            slot.execute(() -> {
                try {
                    action.accept(slot);
                } finally {
                    slot.execute(() -> settled.complete(null));
                }
            });
        }
        return CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new));
    }
}
