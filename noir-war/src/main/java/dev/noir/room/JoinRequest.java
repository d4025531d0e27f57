package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.access.TraceParent;
import java.util.Locale;
import java.util.Set;

/**
 * What a client asks for when it joins.
 *
 * @param room the room, made if need be
 * @param peer its name there
 * @param offer SDP of its publisher connection
 * @param config what it does without
 * @param caller who it is
 * @param password for the room, as it was given; stays at the node that has the client's socket
 * @param passes what that password has been found to open
 * @param resume the secret that another join under this name was given, if it was
 * @param trace where it stands among what happens for the same reason
 */
public record JoinRequest(
        RoomId room,
        PeerName peer,
        String offer,
        JoinConfig config,
        Caller caller,
        Password password,
        Set<Pass> passes,
        Password resume,
        TraceParent trace) {

    public JoinRequest {
        passes = Set.copyOf(passes);
    }

    public JoinRequest(
            RoomId room,
            PeerName peer,
            String offer,
            JoinConfig config,
            Caller caller,
            Password password,
            Set<Pass> passes) {
        this(room, peer, offer, config, caller, password, passes, Password.NONE);
    }

    public JoinRequest(
            RoomId room,
            PeerName peer,
            String offer,
            JoinConfig config,
            Caller caller,
            Password password,
            Set<Pass> passes,
            Password resume) {
        this(room, peer, offer, config, caller, password, passes, resume, TraceParent.NONE);
    }

    /** Of somebody who has not said who he is. */
    public static JoinRequest anonymous(RoomId room, PeerName peer, String offer, JoinConfig config) {
        return new JoinRequest(room, peer, offer, config, Caller.ANONYMOUS, Password.NONE, Set.of());
    }

    /** The same, of somebody who knows the secret of the name. */
    public JoinRequest withResume(Password secret) {
        return new JoinRequest(room, peer, offer, config, caller, password, passes, secret, trace);
    }

    /** The same, of somebody else. */
    public JoinRequest by(Caller other) {
        return new JoinRequest(room, peer, offer, config, other, password, passes, resume, trace);
    }

    /** The same with what the password opens. */
    public JoinRequest withPasses(Set<Pass> found) {
        return new JoinRequest(room, peer, offer, config, caller, password, found, resume, trace);
    }

    /** The same at another place in its trace. */
    public JoinRequest withTrace(TraceParent place) {
        return new JoinRequest(room, peer, offer, config, caller, password, passes, resume, place);
    }

    /**
     * The certificate of the offered connection as the client writes it; empty when there is none. Each
     * RTCPeerConnection has one of its own.
     */
    public String fingerprint() {
        return offer.lines()
                .filter(line -> line.startsWith("a=fingerprint:"))
                .map(line -> line.strip().toUpperCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    /** The same without what is not needed once it has been answered: the offer, which may be long, and what is secret. */
    public JoinRequest withoutOffer() {
        return new JoinRequest(room, peer, "", config, caller, Password.NONE, passes, Password.NONE, trace);
    }
}
