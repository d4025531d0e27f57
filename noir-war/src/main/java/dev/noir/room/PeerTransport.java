package dev.noir.room;

import dev.noir.sdp.IceCandidate;
import dev.noir.sdp.IceCredentials;
import dev.noir.sdp.IcePlace;
import dev.noir.sdp.LocalParameters;
import dev.noir.sdp.RemoteParameters;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of a peer's two transports with both descriptions' parameters. Thread: rooms. */
final class PeerTransport {
    // Given.
    private final TransportRole role;
    private final RandomGenerator random;

    // Owned.
    private final MediaTransport media;

    // State.
    private LocalParameters local;
    private @Nullable RemoteParameters remote;
    private TransportState state = TransportState.CONNECTING;

    PeerTransport(Room room, PeerName peer, TransportRole role, MediaTransport.Events events) {
        this(room, peer, role, events, room.context().random().nextLong(Long.MAX_VALUE));
    }

    /** @param sessionId of our descriptions' o-line: that of the transport whose place this one takes, if it does */
    PeerTransport(Room room, PeerName peer, TransportRole role, MediaTransport.Events events, long sessionId) {
        this(
                room,
                peer,
                role,
                events,
                sessionId,
                at -> IceCredentials.generate(at, room.context().random()));
    }

    /** @param ice ours: as above */
    PeerTransport(
            Room room,
            PeerName peer,
            TransportRole role,
            MediaTransport.Events events,
            long sessionId,
            IceCredentials ice) {
        this(room, peer, role, events, sessionId, at -> ice);
    }

    private PeerTransport(
            Room room,
            PeerName peer,
            TransportRole role,
            MediaTransport.Events events,
            long sessionId,
            Function<IcePlace, IceCredentials> ice) {
        this.role = role;
        this.random = room.context().random();
        MediaRoom place = room.media();
        this.media = place.openTransport(peer, role, ice, events);
        this.local = new LocalParameters(sessionId, media.ice(), place.fingerprint(), media.candidates());
    }

    MediaTransport media() {
        return media;
    }

    LocalParameters local() {
        return local;
    }

    /** What {@link #restart} will make of {@link #local}; changes nothing. */
    LocalParameters restarted() {
        return local.withIce(IceCredentials.generate(media.place(), random));
    }

    void restart(LocalParameters restarted) {
        local = restarted;
        media.restartIce(restarted.ice());
    }

    void setRemote(RemoteParameters described) {
        RemoteParameters previous = remote;
        if (previous != null && !previous.fingerprints().equals(described.fingerprints())) {
            // DTLS is not restarted: a new certificate would have to be that of somebody else.
            throw new RoomException(
                    RoomException.Code.INVALID, "setting remote description: the fingerprint must not change");
        }
        if (previous != null && previous.passive() != described.passive()) {
            throw new RoomException(
                    RoomException.Code.INVALID, "setting remote description: the role in a=setup must not change");
        }
        if (!described.equals(previous)) {
            remote = described;
            media.setRemote(described);
        }
    }

    void stateChanged(TransportState changed) {
        state = changed;
    }

    /** Has been connected and not been closed since. */
    boolean isLive() {
        return switch (state) {
            case CONNECTED, DISCONNECTED -> true;
            case CONNECTING, CLOSED -> false;
        };
    }

    /** For good. */
    boolean isClosed() {
        return state == TransportState.CLOSED;
    }

    /** Sends our candidates, which the description holds too, the way clients of ion-sfu expect them. */
    void trickle(PeerLink link, String mid, int index) {
        for (IceCandidate candidate : local.candidates()) {
            link.trickle(
                    role,
                    new LocalCandidate(
                            candidate.print(), mid, index, local.ice().ufrag()));
        }
    }

    void close() {
        state = TransportState.CLOSED;
        media.close();
    }
}
