package dev.noir.room;

import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.SdpException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * The use cases: join, offer, answer, trickle, leave. Each hands a task to the room's executor and returns; outcomes
 * arrive at the {@link Reply} and the {@link PeerLink}. Requests of one link take effect in the order of the calls.
 * Thread: any, but one at a time per link.
 */
public final class RoomService {
    // Given.
    private final MediaPlane mediaPlane;
    private final RoomContext context;
    private final Executor threads;

    // Owned.
    private final RoomRegistry registry;
    private final ConcurrentHashMap<PeerLink, Room> memberships = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * @param threads where rooms run; a room takes one thread at a time
     * @param random for names, credentials and SSRCs; a cryptographic one
     */
    public RoomService(
            RoomOptions options,
            RoomDirectory directory,
            MediaPlane mediaPlane,
            ApiMessages apiMessages,
            Scheduler scheduler,
            Executor threads,
            RandomGenerator random) {
        this.mediaPlane = mediaPlane;
        this.threads = threads;
        this.context = new RoomContext(options, scheduler, random, apiMessages);
        this.registry = new RoomRegistry(directory, this::openRoom);
    }

    private Room openRoom(RoomLease lease) {
        SerialExecutor tasks = new SerialExecutor("room " + lease.room(), threads);
        return new Room(lease, context, tasks, mediaPlane, this::peerGone);
    }

    public void join(PeerLink link, JoinRequest request, Reply reply) {
        if (stopping.get()) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the server is going down");
        }
        if (memberships.containsKey(link)) {
            throw RoomException.alreadyJoined();
        }
        Room room = registry.acquire(request.room());
        memberships.put(link, room);
        room.execute(() -> room.join(link, request, reply));
    }

    /** A new offer for the publisher connection. */
    public void offer(PeerLink link, String sdp, Reply reply) {
        inRoom(link, reply, (room, peer) -> room.renegotiate(peer, sdp, reply));
    }

    /** The client's answer to {@link PeerLink#offer}. */
    public void answer(PeerLink link, String sdp, Reply reply) {
        inRoom(link, reply, (room, peer) -> {
            peer.subscriber().answered(sdp);
            reply.done();
        });
    }

    /** A candidate of the client's. Being ICE-lite we learn addresses from its checks; it is only looked at. */
    public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {
        inRoom(link, reply, (room, peer) -> {
            checkCandidate(candidate);
            reply.done();
        });
    }

    private static void checkCandidate(String candidate) {
        try {
            IceCandidate.parse(candidate);
        } catch (SdpException e) {
            throw new RoomException(RoomException.Code.INVALID, "setting ice candidate: " + e.getMessage(), e);
        }
    }

    /** The client has gone. Harmless when it was in no room. */
    public void leave(PeerLink link) {
        Room room = memberships.get(link);
        if (room != null) {
            room.execute(() -> room.leave(link));
        }
    }

    public boolean isJoined(PeerLink link) {
        return memberships.containsKey(link);
    }

    private void inRoom(PeerLink link, Reply reply, BiConsumer<Room, Peer> action) {
        Room room = memberships.get(link);
        if (room == null) {
            throw RoomException.notJoined();
        }
        room.execute(() -> room.withPeer(link, reply, action));
    }

    /** Called by a room once per join, when the join has failed or the peer has gone for whatever reason. */
    private void peerGone(Room room, PeerLink link) {
        memberships.remove(link);
        registry.release(room);
    }

    /** Rooms with a peer in them. */
    public int rooms() {
        return registry.size();
    }

    /** Peers in rooms, and those about to join. */
    public int peers() {
        return memberships.size();
    }

    /**
     * Refuses further joins, and makes every peer leave after telling it {@link CloseCause#GOING_AWAY}.
     *
     * @return done when the last room is closed
     */
    public CompletableFuture<Void> close() {
        stopping.set(true);
        CompletableFuture<?>[] closing = registry.rooms().stream()
                .map(room -> CompletableFuture.runAsync(() -> room.closeAllPeers(CloseCause.GOING_AWAY), room::execute))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closing);
    }
}
