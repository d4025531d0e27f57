package dev.noir.signal;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.access.Visitor;
import dev.noir.room.JoinRequest;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerName;
import dev.noir.room.PeerRequests;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What every join has to pass before a room is asked, in whichever words it was asked for. Thread: any. */
public final class Joins {
    // Given.
    private final PeerRequests rooms;
    private final Quotas quotas;
    private final RandomGenerator random;
    private final NameRule names;

    public Joins(PeerRequests rooms, Quotas quotas, RandomGenerator random, NameRule names) {
        this.rooms = rooms;
        this.quotas = quotas;
        this.random = random;
        this.names = names;
    }

    /** Once more, or it is thrown that this is too often. */
    public void count(Caller caller) {
        if (!quotas.mayJoin(caller)) {
            throw new RoomException(RoomException.Code.TOO_MANY, "too many joins, try again later");
        }
    }

    /** Of somebody who has been counted. */
    public void join(PeerLink link, Visitor visitor, JoinWish wish, Reply reply) {
        Caller caller = visitor.caller();
        // One in the join's own config says more about the room than one in the connection's address.
        Password password = wish.password().isGiven() ? wish.password() : visitor.password();
        JoinRequest request = new JoinRequest(
                wish.room(), name(wish.uid(), caller), wish.offer(), wish.config(), caller, password, Set.of());
        rooms.join(link, request.withResume(wish.resume()).withTrace(visitor.trace()), reply);
    }

    private PeerName name(String given, Caller caller) {
        String generated = PeerName.of(null, random).value();
        return names.name(caller, given, generated)
                .map(PeerName::new)
                .orElseThrow(() -> new RoomException(RoomException.Code.FORBIDDEN, "your uid must be your own name"));
    }
}
